import * as vscode from 'vscode';
import { Account, isCancel } from './account';
import { TicketsView } from './ticketsView';

/** The part of ZeyOS Authentication's exports that is used here. They are visible only in the same extension host. */
interface ZeyosAuthApi {
  readonly onDidChangeActiveInstance: vscode.Event<void>;
}

export function activate(context: vscode.ExtensionContext): void {
  const account = new Account(context.workspaceState);
  const view = new TicketsView(account);
  const api = vscode.extensions.getExtension<ZeyosAuthApi>('zeyos.zeyos-auth')?.exports;
  context.subscriptions.push(
    view,
    // Signed in, signed out, renewed: in this window or another one. The event says no more, so the view asks again.
    vscode.authentication.onDidChangeSessions(({ provider }) => provider.id === 'zeyos' && view.refresh()),
    ...(api ? [api.onDidChangeActiveInstance(() => view.refresh())] : []),
    vscode.commands.registerCommand('zeyosTickets.refresh', () => view.refresh()),
    vscode.commands.registerCommand('zeyosTickets.signIn', () => signIn(account, view)),
    vscode.commands.registerCommand('zeyosTickets.chooseAccount', async () => {
      if (await account.choose()) await signIn(account, view);
    }),
  );
}

/** The editor asks for consent, and ZeyOS Authentication has the user sign in if need be. */
async function signIn(account: Account, view: TicketsView): Promise<void> {
  try {
    await account.session({ createIfNone: true });
    view.refresh();
  } catch (error) {
    if (!isCancel(error)) await vscode.window.showErrorMessage(`My ZeyOS Tickets: ${(error as Error).message}`);
  }
}
