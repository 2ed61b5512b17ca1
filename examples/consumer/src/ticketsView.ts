import * as vscode from 'vscode';
import type { Account } from './account';
import { describeTicket, openTicketsOf, parseTickets, type Ticket } from './tickets';
import { zeyosFetch } from './zeyosFetch';

/** What the view shows: rows, or one of the texts in `package.json` under `viewsWelcome`. */
type State = 'empty' | 'rows' | 'signedOut';
/** A row that is no ticket. */
interface Notice {
  readonly notice: string;
  readonly icon: string;
  /** A command that a click runs. */
  readonly command?: string;
}
type Row = Notice | Ticket;

const tryAgain: Notice = { notice: 'Try Again', icon: 'refresh', command: 'zeyosTickets.refresh' };

/** The tree of tickets. It loads when the editor first shows it, and when it is refreshed. */
export class TicketsView implements vscode.TreeDataProvider<Row>, vscode.Disposable {
  readonly #changes = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changes.event;
  readonly #view: vscode.TreeView<Row>;
  #loading = new AbortController();

  constructor(private readonly account: Account) {
    this.#view = vscode.window.createTreeView('zeyosTickets', { treeDataProvider: this });
  }

  /** The editor asks for the tickets again, as soon as the view is visible. */
  refresh(): void {
    this.#changes.fire();
  }

  async getChildren(parent?: Row): Promise<Row[]> {
    if (parent) return [];
    this.#loading.abort();
    const { signal } = (this.#loading = new AbortController());
    let rows: Row[] | undefined;
    try {
      rows = await this.#load(signal);
    } catch (error) {
      rows = [{ notice: error instanceof Error ? error.message : String(error), icon: 'warning' }, tryAgain];
    }
    // Otherwise another load has begun meanwhile, and the editor shows the rows of that.
    if (!signal.aborted) await show(!rows ? 'signedOut' : rows.length === 0 ? 'empty' : 'rows');
    return rows ?? [];
  }

  getTreeItem(row: Row): vscode.TreeItem {
    return 'notice' in row ? noticeItem(row) : ticketItem(row);
  }

  dispose(): void {
    this.#loading.abort();
    this.#view.dispose();
    this.#changes.dispose();
  }

  /** The tickets, or undefined if there is no session. */
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
}

async function show(state: State): Promise<void> {
  await vscode.commands.executeCommand('setContext', 'zeyosTickets.state', state);
}

function noticeItem({ notice, icon, command }: Notice): vscode.TreeItem {
  const item = new vscode.TreeItem(notice);
  item.iconPath = new vscode.ThemeIcon(icon);
  item.tooltip = notice;
  item.accessibilityInformation = command
    ? { label: notice, role: 'button' }
    : { label: `The tickets could not be loaded. ${notice}` };
  if (command) item.command = { command, title: notice };
  return item;
}

function ticketItem(ticket: Ticket): vscode.TreeItem {
  const item = new vscode.TreeItem(`${ticket.number} ${ticket.name}`);
  item.id = String(ticket.id);
  item.description = describeTicket(ticket);
  item.iconPath = new vscode.ThemeIcon(ticket.priority > 2 ? 'arrow-up' : 'circle-outline');
  item.tooltip = [ticket.name, describeTicket(ticket), ...(ticket.account ? [ticket.account] : [])].join('\n');
  item.accessibilityInformation = { label: `Ticket ${ticket.number}, ${ticket.name}, ${describeTicket(ticket)}` };
  return item;
}
