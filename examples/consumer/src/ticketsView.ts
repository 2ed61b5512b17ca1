import * as vscode from 'vscode';
import type { Account } from './account';
import { describeTicket, openTicketsOf, parseTickets, type Ticket } from './tickets';
import { zeyosFetch } from './zeyosFetch';

/** What the view shows: tickets, or one of the texts in `package.json` under `viewsWelcome`. */
type State = 'empty' | 'failed' | 'loading' | 'ready' | 'signedOut';

/** The tree of tickets. It loads when the editor first shows it, and when it is refreshed. */
export class TicketsView implements vscode.TreeDataProvider<Ticket>, vscode.Disposable {
  readonly #changes = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changes.event;
  readonly #view: vscode.TreeView<Ticket>;
  #loading = new AbortController();

  constructor(private readonly account: Account) {
    this.#view = vscode.window.createTreeView('zeyosTickets', { treeDataProvider: this });
  }

  /** The editor asks for the tickets again, as soon as the view is visible. */
  refresh(): void {
    this.#changes.fire();
  }

  async getChildren(parent?: Ticket): Promise<Ticket[]> {
    if (parent) return [];
    this.#loading.abort();
    const { signal } = (this.#loading = new AbortController());
    await this.#show('loading');
    try {
      const tickets = await this.#load(signal);
      if (!signal.aborted) await this.#show(!tickets ? 'signedOut' : tickets.length === 0 ? 'empty' : 'ready');
      return tickets ?? [];
    } catch (error) {
      // Another load has begun meanwhile, and says how it went.
      if (!signal.aborted) await this.#show('failed', error instanceof Error ? error.message : String(error));
      return [];
    }
  }

  getTreeItem(ticket: Ticket): vscode.TreeItem {
    const item = new vscode.TreeItem(`${ticket.number} ${ticket.name}`);
    item.id = String(ticket.id);
    item.description = describeTicket(ticket);
    item.iconPath = new vscode.ThemeIcon(ticket.priority > 2 ? 'arrow-up' : 'circle-outline');
    item.tooltip = [ticket.name, describeTicket(ticket), ...(ticket.account ? [ticket.account] : [])].join('\n');
    item.accessibilityInformation = { label: `Ticket ${ticket.number}, ${ticket.name}, ${describeTicket(ticket)}` };
    return item;
  }

  dispose(): void {
    this.#loading.abort();
    this.#view.dispose();
    this.#changes.dispose();
  }

  /** The tickets, or undefined if nobody is signed in. */
  async #load(signal: AbortSignal): Promise<Ticket[] | undefined> {
    // Silent: a view that loads by itself asks the user nothing.
    const session = await this.account.session({ silent: true });
    if (!session) return undefined;
    const response = await zeyosFetch(session, '/api/v1/tickets', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify(openTicketsOf(session.account.id)),
      signal,
    });
    if (response.ok) return parseTickets(await response.json());
    await response.body?.cancel();
    switch (response.status) {
      case 401:
        if (!(await this.account.session({ silent: true }))) return undefined;
        throw new Error('ZeyOS does not accept your session for its API.');
      case 403:
        throw new Error('Your ZeyOS account may not read tickets.');
      case 429:
        throw new Error(`ZeyOS asks to wait ${response.headers.get('Retry-After') ?? 'some'} seconds.`);
      default:
        throw new Error(`ZeyOS answered ${response.status}.`);
    }
  }

  async #show(state: State, message?: string): Promise<void> {
    this.#view.message = message ?? '';
    await vscode.commands.executeCommand('setContext', 'zeyosTickets.state', state);
  }
}
