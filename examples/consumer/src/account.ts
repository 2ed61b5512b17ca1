import * as vscode from 'vscode';

const memory = 'zeyosTickets.accountId';

/**
 * The ZeyOS account whose tickets the view shows: the one that the user chose for this workspace, else one of the
 * active instance.
 */
export class Account {
  constructor(private readonly workspaceState: vscode.Memento) {}

  /**
   * The account's session. `silent` asks the user nothing; `createIfNone` lets the editor ask for consent and a
   * sign-in.
   */
  async session(
    options: { readonly silent: true } | { readonly createIfNone: true },
  ): Promise<vscode.AuthenticationSession | undefined> {
    const chosen = this.workspaceState.get<string>(memory);
    const instance = chosen?.split('#', 1)[0] ?? (await activeInstance());
    const account = (await vscode.authentication.getAccounts('zeyos')).find(({ id }) => id === chosen);
    // A platform URL as the scope selects the instance. Without a scope it may be any.
    return vscode.authentication.getSession('zeyos', instance === undefined ? [] : [instance], {
      ...options,
      ...(account && { account }),
    });
  }

  /**
   * Has the user choose among the accounts that are signed in, on all instances. Resolves to whether they chose one.
   */
  async choose(): Promise<boolean> {
    const accounts = await vscode.authentication.getAccounts('zeyos');
    const active: vscode.QuickPickItem = { label: 'Follow the active ZeyOS instance' };
    const choice = await vscode.window.showQuickPick([active, ...accounts.map(({ id, label }) => ({ label, id }))], {
      title: 'Show the tickets of',
    });
    if (!choice) return false;
    await this.workspaceState.update(memory, 'id' in choice ? choice.id : undefined);
    return true;
  }
}

/** The platform URL of the instance that this workspace uses. The command works in each extension host. */
async function activeInstance(): Promise<string | undefined> {
  const active = await vscode.commands.executeCommand<{ readonly url: string } | undefined>('zeyos.api.activeInstance');
  return active?.url;
}

/**
 * Whether the user cancelled, or refused the consent: then say nothing. An error of another extension keeps its name
 * and its text, but not its class; the editor itself rejects with a bare text if the user leaves the list of accounts.
 */
export function isCancel(error: unknown): boolean {
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  return /^Cancell?ed$/.test(name) || /^(Cancell?ed|User did not consent to .*)$/.test(message);
}
