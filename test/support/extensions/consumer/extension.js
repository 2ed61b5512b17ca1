// Sample of an extension that calls ZeyOS with the user's session. It stores no token and never sees a password.
const vscode = require('vscode');

/**
 * Returns the active instance. Its platform URL selects it as a scope. Without a scope any instance is used, the active
 * one first.
 */
async function activeInstance() {
  const zeyos = await vscode.extensions.getExtension('zeyos.zeyos-auth')?.activate();
  return zeyos?.activeInstance?.url;
}

async function getSession(options) {
  const url = await activeInstance();
  return vscode.authentication.getSession('zeyos', url ? [url] : [], options);
}

/** The account id begins with the platform URL of its tokens. Send them nowhere else. */
const instanceOf = (session) => session.account.id.split('#')[0];

async function whoAmI() {
  const session = await getSession({ createIfNone: true });
  const url = instanceOf(session);
  const response = await fetch(`${url}/api/v1/me`, { headers: { Authorization: `Bearer ${session.accessToken}` } });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const { username } = await response.json();
  vscode.window.showInformationMessage(`Signed in to ${url} as ${username}`);
  return { account: session.account.label, username };
}

/** Uses an existing session. The user sees nothing. */
async function silent() {
  const session = await getSession({ silent: true });
  return { account: session?.account.label };
}

/** Uses an existing session. If there is none, the Accounts menu offers to sign in. */
async function passive() {
  const session = await getSession({});
  return { account: session?.account.label };
}

exports.activate = (context) => {
  /** Results for tests. They contain no tokens. */
  const results = [];

  const register = (name, run) =>
    vscode.commands.registerCommand(`zeyosConsumer.${name}`, async () => {
      try {
        const result = { name, ...(await run()) };
        results.push(result);
        return result;
      } catch (error) {
        results.push({ name, error: error.message });
        if (!isCancel(error)) vscode.window.showErrorMessage(`ZeyOS Consumer: ${error.message}`);
      }
    });

  context.subscriptions.push(
    register('whoAmI', whoAmI),
    register('silent', silent),
    register('passive', passive),
    // The event says only that something changed. Request the session again.
    vscode.authentication.onDidChangeSessions(({ provider }) => {
      if (provider.id === 'zeyos') results.push({ name: 'onDidChangeSessions' });
    }),
  );
  return { results };
};

/** An error of another extension is recognized by its name, and a refused consent by its message. */
function isCancel(error) {
  return (
    error instanceof vscode.CancellationError ||
    ['Canceled', 'Cancelled'].includes(error.name) ||
    ['Canceled', 'Cancelled', 'User did not consent to login.'].includes(error.message)
  );
}
