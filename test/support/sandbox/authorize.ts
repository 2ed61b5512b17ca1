import { parseAuthorizationRequest } from './authorizationRequest';
import type { AuthorizationRequest } from './authorizationRequest';
import type { Exchange } from './exchange';
import { loginPage, returnPage } from './loginPage';
import type { Context, Routes } from './routes';
import { isRefusal, signIn } from './users';

/** The OAuth 2.0 endpoints for browsers: from the application to the instance’s login page, and back with a code. */
export const authorize: Routes = {
  '/oauth2/v1/authorize': { GET: startLogin },
  '/login': { GET: showLogin, POST: answerLogin },
};

// No form-action, because browsers also apply it to redirects after a form, which lead to the application.
const headers = {
  'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
};

function startLogin(exchange: Exchange, context: Context): void {
  if (requireRequest(exchange, context)) {
    // A relative URL, so that it works behind a proxy that serves the sandbox below a path.
    exchange.text(303, 'See Other', { Location: `../../login?${exchange.query}` });
  }
}

function showLogin(exchange: Exchange, context: Context): void {
  const request = requireRequest(exchange, context);
  if (request) {
    exchange.html(200, loginPage(context.instance, request), headers);
  }
}

function answerLogin(exchange: Exchange, context: Context): void {
  const { instance, codes } = context;
  const request = requireRequest(exchange, context);
  if (!request) {
    return;
  }
  const value = (name: string) => exchange.form?.get(name) || undefined;
  if (value('decision') === 'deny') {
    sendBack(exchange, request, { error: 'access_denied', error_description: 'The user denied access' });
    return;
  }
  const user = signIn(instance.users, { name: value('username'), password: value('password'), otp: value('otp') });
  if (isRefusal(user)) {
    // Not 401, which requires a scheme that browsers know (RFC 9110), so that they would open their own login box.
    exchange.html(403, loginPage(instance, request, user.description), headers);
    return;
  }
  const {
    application: { client_id },
    redirect_uri,
    code_challenge,
  } = request;
  const authorization = { instance: instance.name, client_id, redirect_uri, user: user.name };
  const code = codes.issue(code_challenge === undefined ? authorization : { ...authorization, code_challenge });
  sendBack(exchange, request, { code });
}

/** Returns the authorization request of the URL, or rejects it in plain text without a redirect. */
function requireRequest(exchange: Exchange, { instance }: Context): AuthorizationRequest | undefined {
  const request = parseAuthorizationRequest(exchange.query, instance);
  if (typeof request !== 'string') {
    return request;
  }
  exchange.text(400, `Bad Request: ${request}`);
  return undefined;
}

function sendBack(
  exchange: Exchange,
  { redirect_uri, response_mode, state }: AuthorizationRequest,
  outcome: Record<string, string>,
): void {
  const answer = state === undefined ? outcome : { ...outcome, state };
  if (response_mode === 'form_post') {
    exchange.html(200, returnPage(redirect_uri, answer), headers);
    return;
  }
  const location = new URL(redirect_uri);
  for (const [name, value] of Object.entries(answer)) {
    location.searchParams.append(name, value);
  }
  exchange.text(303, 'See Other', { Location: location.href });
}
