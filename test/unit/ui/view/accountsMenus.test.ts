import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCOUNTS_VIEW, COMMANDS, LIST_COMMANDS, VIEW_CONTAINER } from '../../../../src/manifest';
import {
  accountActions,
  inlineActions,
  instanceActions,
  rowActions,
  sessionActions,
  type SessionAction,
} from '../../../../src/ui/actions/sessionActions';
import { root } from '../../../support/paths';

interface MenuEntry {
  readonly command: string;
  readonly when: string;
  readonly group: string;
}

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly title: string; readonly icon?: string }[];
    readonly menus: Readonly<Record<'commandPalette' | 'view/title' | 'view/item/context', readonly MenuEntry[]>>;
    readonly viewsContainers: { readonly activitybar: readonly { readonly id: string }[] };
    readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string }[];
  };
}

const read = <T>(file: string): T => JSON.parse(readFileSync(join(root, file), 'utf8')) as T;
const { contributes } = read<Manifest>('package.json');
const texts = read<Readonly<Record<string, string>>>('package.nls.json');
const menu = contributes.menus['view/item/context'];
const textOf = (key: string | undefined): string | undefined => texts[(key ?? '').replaceAll('%', '')];

const booleans = [true, false];
/** The actions for every account and every instance that there can be. */
const situations = (['signedOut', 'good', 'expiring', 'expired', 'revoked', 'lost'] as const).flatMap((state) =>
  Array.from({ length: 128 }, (_, bits) => {
    const [
      isConfigured = true,
      isActive = true,
      isReachable = true,
      needsSecret = true,
      revocation = true,
      isLegacy = true,
      hasAgents = true,
    ] = Array.from({ length: 7 }, (__, bit) => booleans[(bits >> bit) & 1]);
    return {
      state,
      isConfigured,
      isActive,
      isReachable,
      needsSecret,
      revocationNeedsSecret: revocation,
      isLegacy,
      hasAgents,
    };
  }),
);
const ofAccounts = situations.map(accountActions);
const ofInstances = situations.flatMap((situation) =>
  booleans.map((hasAccounts) => instanceActions({ ...situation, hasAccounts })),
);
const lists = [...ofAccounts, ...ofInstances];

/** The commands that the menu shows for an item with these actions, by the manifest's conditions. */
function shown(kind: string, actions: readonly SessionAction[], isInline: boolean): readonly string[] {
  const nameOf = ({ command }: SessionAction): string => command.slice(command.lastIndexOf('.') + 1);
  const context = [
    kind,
    ...inlineActions(actions).map((each) => `inline-${nameOf(each)}`),
    ...actions.map(nameOf),
  ].join(' ');
  return menu
    .filter(({ group }) => group.startsWith('inline') === isInline)
    .filter(({ when }) => {
      const [, expression] = /^view == zeyos\.accounts && viewItem =~ \/(.+)\/$/.exec(when) ?? [];
      return new RegExp(expression ?? assert.fail(when)).test(context);
    })
    .map(({ command }) => command)
    .sort();
}

const commandsOf = (actions: readonly SessionAction[]): readonly string[] =>
  actions.map(({ command }) => command).sort();

describe('The menus of the Accounts view', () => {
  it('belong to the one view of the container ZeyOS', () => {
    assert.deepEqual(
      contributes.viewsContainers.activitybar.map(({ id }) => id),
      [VIEW_CONTAINER],
    );
    assert.deepEqual(
      (contributes.views[VIEW_CONTAINER] ?? []).map(({ id }) => id),
      [ACCOUNTS_VIEW],
    );
  });

  it('show all actions of an item in its menu, and no other', () => {
    for (const actions of lists) assert.deepEqual(shown('account', actions, false), commandsOf(actions));
  });

  it('show the most needed action of an item and Introspect Token beside its name, and no other', () => {
    for (const actions of lists) {
      assert.deepEqual(shown('account', actions, true), commandsOf(inlineActions(actions)));
      assert.ok(inlineActions(actions).length <= 2);
    }
  });

  it('show each action with the title and icon of its command', () => {
    for (const { command, label, icon } of lists.flat()) {
      const declared = contributes.commands.find((each) => each.command === command);
      assert.deepEqual([textOf(declared?.title), declared?.icon], [label(), `$(${icon})`], command);
    }
  });

  it('have no entry for an action that no item can have', () => {
    const possible = new Set(lists.flat().map(({ command }) => command as string));
    assert.deepEqual(
      menu.filter(({ command }) => !possible.has(command)),
      [],
    );
  });

  it('hide the commands that need an item from the palette', () => {
    const hidden = contributes.menus.commandPalette
      .filter(({ when }) => when === 'false')
      .map(({ command }) => command);
    assert.deepEqual(hidden, [...LIST_COMMANDS]);
  });

  it('offer to add an instance in the title, and while there is none', () => {
    assert.ok(
      contributes.menus['view/title'].some(
        ({ command, group }) => command === 'zeyos.addInstance' && group.startsWith('navigation'),
      ),
    );
    const [welcome] = contributes.viewsWelcome;
    assert.equal(welcome?.view, ACCOUNTS_VIEW);
    assert.match(textOf(welcome?.contents) ?? '', /\n\[Add Instance\]\(command:zeyos\.addInstance\)$/);
  });

  it('use only commands that are declared', () => {
    const declared: readonly string[] = [...COMMANDS, ...LIST_COMMANDS];
    const used = [...menu, ...contributes.menus['view/title']].map(({ command }) => command);
    assert.deepEqual(
      used.filter((command) => !declared.includes(command)),
      [],
    );
  });
});

describe('Show Sessions', () => {
  it('lists every action of the account and of its instance exactly once', () => {
    for (const situation of situations) {
      const commands = commandsOf(sessionActions(situation));
      assert.equal(new Set(commands).size, commands.length, commands.join());
    }
  });

  it('shows the two most needed actions of an account as buttons of its row', () => {
    for (const situation of situations)
      assert.deepEqual(rowActions(sessionActions(situation)), sessionActions(situation).slice(0, 2));
  });
});
