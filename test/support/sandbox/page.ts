import { escapeHtml, htmlPage } from './html';
import type { SandboxInstance, ApiName } from './instances';
import { offeredFaults } from './offeredFaults';
import type { Sandbox } from './sandbox';

const apiTitles: Readonly<Record<ApiName, string>> = {
  authV1: 'Auth API',
  oauth2: 'OAuth 2.0',
  legacy: 'legacy login',
};

/** The control page at `/` with users, tokens and faults. It works without scripts. */
export function sandboxPage(sandbox: Sandbox): string {
  return htmlPage(
    'Sandbox ZeyOS',
    [
      '<p class="muted">A ZeyOS on this machine only. Everything here is test data, and gone when it stops.</p>',
      ...sandbox.instances.map((instance) => instanceSection(sandbox, instance)),
      tokensSection(sandbox),
      faultsSection(sandbox),
    ].join('\n'),
  );
}

function instanceSection(
  sandbox: Sandbox,
  { name, users, applications, apis, lifetimeSeconds }: SandboxInstance,
): string {
  const url = sandbox.url(name);
  const rows = users.map((user) => [
    escapeHtml(user.displayName ?? user.name),
    code(user.name),
    code(user.password),
    user.otp === undefined ? 'none' : code(user.otp),
  ]);
  const clients = applications.map(({ client_id, client_secret, redirect_uris, anyLoopbackPort }) => [
    code(client_id),
    code(client_secret),
    `${redirect_uris.map(code).join('<br>')}${anyLoopbackPort ? '<br>(any port on 127.0.0.1)' : ''}`,
  ]);
  return `<h2>${escapeHtml(name)}</h2>
<p>Instance URL: <a href="${escapeHtml(url)}/"><code>${escapeHtml(url)}</code></a></p>
<p>Offers: ${[...apis].map((api) => apiTitles[api]).join(', ') || 'nothing'}</p>
${table(['Person', 'User name', 'Password', 'One-time code'], rows)}
${clients.length === 0 ? '' : table(['Application', 'Secret', 'Redirect URIs'], clients)}
<form method="post" action="/_sandbox/lifetime">
<input type="hidden" name="instance" value="${escapeHtml(name)}">
<label for="lifetime-${escapeHtml(name)}">A new token of the Auth API lives for</label>
<input id="lifetime-${escapeHtml(name)}" type="number" name="seconds" min="1" step="1" required value="${lifetimeSeconds}">
<span>seconds</span>
<button>Set lifetime</button>
</form>`;
}

function tokensSection(sandbox: Sandbox): string {
  const tokens = [...sandbox.tokens()].reverse();
  const rows = tokens.map(({ value, api, kind, instance, user, issuedAt, expiresAt, active, revokedAt }) => [
    code(`${value.slice(0, 4)}…${value.slice(-4)}`),
    `${apiTitles[api]}, ${kind}`,
    escapeHtml(instance),
    escapeHtml(user),
    time(issuedAt),
    time(expiresAt),
    active ? 'active' : revokedAt === undefined ? 'expired' : 'revoked',
  ]);
  return `<h2>Tokens</h2>
${rows.length === 0 ? '<p>None issued yet.</p>' : table(['Token', 'Kind', 'Instance', 'User', 'Issued (UTC)', 'Expires (UTC)', 'State'], rows)}
<form method="post" action="/_sandbox/revoke-all"><button>Revoke all tokens</button></form>`;
}

function faultsSection(sandbox: Sandbox): string {
  const active = sandbox.activeFaults.map(
    ({ where, fault }) => `<li>${code(JSON.stringify(fault))} at ${code(String(where))}</li>`,
  );
  const buttons = Object.entries(offeredFaults).map(
    ([value, { label }]) => `<button name="fault" value="${escapeHtml(value)}">${escapeHtml(label)}</button>`,
  );
  return `<h2>Faults</h2>
<p>What shall go wrong wherever an instance issues tokens:</p>
<form method="post" action="/_sandbox/fault">${buttons.join('\n')}</form>
<form method="post" action="/_sandbox/clear-faults"><button>Work normally again</button></form>
${active.length === 0 ? '<p>No fault is set.</p>' : `<p>Set now:</p><ul>${active.join('')}</ul>`}`;
}

/** The headings are text, the cells are markup. */
function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = headings.map((heading) => `<th scope="col">${escapeHtml(heading)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n');
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function code(text: string): string {
  return `<code>${escapeHtml(text)}</code>`;
}

function time(at: number): string {
  return at === Infinity ? 'never' : new Date(at).toISOString().slice(0, 19).replace('T', ' ');
}
