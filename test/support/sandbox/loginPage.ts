import type { AuthorizationRequest } from './authorizationRequest';
import { escapeHtml, htmlPage } from './html';
import type { SandboxInstance } from './instances';

/** The instance’s login page. The form posts to the page’s own URL, whose query is the authorization request. */
export function loginPage({ name }: SandboxInstance, { application }: AuthorizationRequest, problem?: string): string {
  return htmlPage(
    `Log in to ${name}`,
    `
<p>The application <strong>${escapeHtml(application.client_id)}</strong> asks for access to ZeyOS in your name.</p>
${problem === undefined ? '' : `<p role="alert"><strong>${escapeHtml(problem)}</strong></p>`}
<form method="post">
<label for="username">User name</label>
<input id="username" name="username" autocomplete="username" autocapitalize="none" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<label for="otp">One-time code, if you have one</label>
<input id="otp" name="otp" inputmode="numeric" autocomplete="one-time-code">
<button name="decision" value="allow">Log in</button>
<button name="decision" value="deny" formnovalidate>Deny</button>
</form>`,
  );
}

/** A form that sends the answer to the application (OAuth 2.0 Form Post Response Mode). */
export function returnPage(redirectUri: string, answer: Readonly<Record<string, string>>): string {
  const fields = Object.entries(answer).map(
    ([name, value]) => `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`,
  );
  return htmlPage(
    'Back to the application',
    `
<form method="post" action="${escapeHtml(redirectUri)}">
${fields.join('\n')}
<button autofocus>Continue</button>
</form>`,
  );
}
