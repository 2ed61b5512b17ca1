import * as assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import {
  API_COMMANDS,
  COMMANDS,
  CONFIGURATION,
  CONTEXT_KEYS,
  EXTENSION_ID,
  LIST_COMMANDS,
  PROVIDER,
  SETTINGS,
  WALKTHROUGH,
  TERMINAL_PROFILE,
} from '../../src/manifest';
import { extension } from './support/extension';

interface Manifest {
  readonly name: string;
  readonly publisher: string;
  readonly displayName: string;
  readonly engines: { readonly vscode: string };
  readonly extensionKind: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: unknown };
    readonly virtualWorkspaces: unknown;
  };
  readonly enabledApiProposals?: unknown;
  readonly contributes: {
    readonly authentication: readonly { readonly id: string; readonly label: string }[];
    readonly commands: readonly { readonly command: string; readonly category: string; readonly title: string }[];
    readonly configuration: {
      readonly properties: Readonly<
        Record<
          string,
          {
            readonly scope: string;
            readonly default: unknown;
            readonly description?: string;
            readonly markdownDescription?: string;
          }
        >
      >;
    };
    readonly terminal: {
      readonly profiles: readonly { readonly id: string; readonly title: string; readonly icon: string }[];
    };
    readonly icons: Readonly<
      Record<
        string,
        {
          readonly description: string;
          readonly default: { readonly fontPath: string; readonly fontCharacter: string };
        }
      >
    >;
    readonly walkthroughs: readonly {
      readonly id: string;
      readonly title: string;
      readonly steps: readonly {
        readonly title: string;
        readonly description: string;
        readonly media: { readonly image: Readonly<Record<string, string>>; readonly altText: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
    readonly menus?: Readonly<
      Partial<Record<'commandPalette' | 'editor/title', readonly { readonly command: string; readonly when: string }[]>>
    >;
  };
}

const titles: Readonly<Record<string, string>> = {
  'zeyos.signIn': 'Sign In',
  'zeyos.signOut': 'Sign Out',
  'zeyos.introspectToken': 'Introspect Token',
  'zeyos.revokeToken': 'Revoke Token',
  'zeyos.renewToken': 'Renew Token',
  'zeyos.addInstance': 'Add Instance',
  'zeyos.removeInstance': 'Remove Instance',
  'zeyos.switchInstance': 'Switch Active Instance',
  'zeyos.showSessions': 'Show Sessions',
  'zeyos.copyAccessToken': 'Copy Access Token',
  'zeyos.openInstance': 'Open Instance in Browser',
  'zeyos.openTerminal': 'Open Terminal',
  'zeyos.copyRequest': 'Copy Request',
  'zeyos.diagnose': 'Diagnose Connection',
  'zeyos.showLog': 'Show Log',
  'zeyos.refreshDocument': 'Refresh',
  'zeyos.showRawResponse': 'Raw Response',
  'zeyos.copyReport': 'Copy Report',
  'zeyos.showEarlierChecks': 'Earlier Checks',
  'zeyos.importFromCli': 'Import from the ZeyOS Command Line',
  'zeyos.accounts.signInAgain': 'Sign In Again',
  'zeyos.accounts.signInWithAnotherAccount': 'Sign In with Another Account',
  'zeyos.accounts.enterClientSecret': 'Enter Client Secret',
  'zeyos.accounts.enterRevocationSecret': 'Enter Client Secret to Revoke Token',
  'zeyos.accounts.setApplicationSecret': 'Set Application Secret',
  'zeyos.accounts.makeActive': 'Make Active',
  'zeyos.accounts.addInstanceAgain': 'Add Instance Again',
  'zeyos.accounts.copyUrl': 'Copy URL',
  'zeyos.accounts.editInSettings': 'Edit in Settings',
  'zeyos.accounts.withdrawAgents': "Withdraw Agents' Access",
};

describe('The manifest', () => {
  const folder = extension().extensionPath;
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  /** The manifest as the editor loaded it, with translated texts. */
  const manifest = extension().packageJSON as Manifest;
  const { contributes } = manifest;

  it('has the right id and display name', () => {
    assert.equal(extension().id, EXTENSION_ID);
    assert.equal(`${manifest.publisher}.${manifest.name}`, EXTENSION_ID);
    assert.equal(manifest.displayName, 'ZeyOS Authentication');
  });

  it('supports the oldest editor, both extension kinds, untrusted and virtual workspaces, and uses no proposed API', () => {
    assert.equal(manifest.engines.vscode, '^1.100.0');
    assert.deepEqual(manifest.extensionKind, ['ui', 'workspace']);
    assert.deepEqual(manifest.capabilities, { untrustedWorkspaces: { supported: true }, virtualWorkspaces: true });
    assert.equal(manifest.enabledApiProposals, undefined);
  });

  it('declares the authentication provider of the code', () =>
    assert.deepEqual(contributes.authentication, [{ ...PROVIDER }]));

  it('declares the commands of the code in the category ZeyOS with their titles', () => {
    assert.deepEqual(
      contributes.commands.map(({ command }) => command),
      [...COMMANDS, ...LIST_COMMANDS],
    );
    for (const { command, category, title } of contributes.commands)
      assert.deepEqual([category, title], ['ZeyOS', titles[command]], command);
  });

  it('declares the settings of the code with defaults and application scope', () => {
    const { properties } = contributes.configuration;
    const expected = Object.fromEntries(
      Object.entries(SETTINGS).map(([name, value]) => [
        `${CONFIGURATION}.${name}`,
        { scope: 'application', default: value },
      ]),
    );
    assert.deepEqual(
      Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [
          name,
          { scope: property.scope, default: property.default },
        ]),
      ),
      expected,
    );
    for (const [name, { description, markdownDescription }] of Object.entries(properties))
      assert.ok(description ?? markdownDescription, `${name} has no description`);
  });

  it('declares defaults that the editor reports', () => {
    for (const [name, value] of Object.entries(SETTINGS))
      assert.deepEqual(vscode.workspace.getConfiguration(CONFIGURATION).inspect(name)?.defaultValue, value, name);
  });

  it('declares icons whose font file exists', () => {
    for (const [id, { default: icon }] of Object.entries(contributes.icons)) {
      assert.match(id, /^(zeyos-[a-z-]+|cloud-offline)$/);
      assert.match(icon.fontCharacter, /^\\[0-9A-F]{4}$/);
      assert.equal(readFileSync(join(folder, icon.fontPath)).toString('latin1', 0, 4), 'wOFF', icon.fontPath);
    }
    assert.ok('zeyos-logo' in contributes.icons);
  });

  it('has a text for every key, and a key for every text', () => {
    const used = [...read('package.json').matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key ?? '');
    const texts = JSON.parse(read('package.nls.json')) as Readonly<Record<string, string>>;
    assert.deepEqual([...new Set(used)].sort(), Object.keys(texts).sort());
    for (const [key, text] of Object.entries(texts)) assert.notEqual(text.trim(), '', key);
    assert.doesNotMatch(JSON.stringify(manifest), /"%[^%"]+%"/);
  });

  it('refers to files that exist', () => {
    for (const file of [
      'media/icon.png',
      'dist/extension.js',
      'dist/terminalHelper.js',
      'media/terminal/posix/zeyos-run',
      'README.md',
      'CHANGELOG.md',
      'SECURITY.md',
      'LICENSE',
    ])
      assert.ok(existsSync(join(folder, file)), file);
  });

  it('declares exactly the registered commands', async () => {
    await extension().activate();
    // The editor registers some for each view.
    const ofEditor = /^zeyos\.accounts\.(focus|open|toggleVisibility|removeView|resetViewLocation)$/;
    const registered = (await vscode.commands.getCommands(true)).filter(
      (command) => command.startsWith('zeyos.') && !ofEditor.test(command),
    );
    assert.deepEqual(registered.sort(), [...COMMANDS, ...LIST_COMMANDS, ...Object.values(API_COMMANDS)].sort());
  });

  it('keeps API commands out of the palette', () => {
    const declared = contributes.commands.map(({ command }) => command);
    assert.deepEqual(
      Object.values(API_COMMANDS).filter((command) => declared.includes(command)),
      [],
    );
  });

  it('shows commands that need a session in the palette only if there is one', () => {
    const withSession = [
      'zeyos.signOut',
      'zeyos.introspectToken',
      'zeyos.revokeToken',
      'zeyos.renewToken',
      'zeyos.copyAccessToken',
    ];
    const offered = contributes.menus?.commandPalette?.filter(({ when }) => when === CONTEXT_KEYS.isSignedIn);
    assert.deepEqual(
      offered?.map(({ command }) => command),
      withSession,
    );
  });

  it('offers Open Terminal in trusted workspaces only', () => {
    const [terminal] = (contributes.menus?.commandPalette ?? []).filter(
      ({ command }) => command === 'zeyos.openTerminal',
    );
    assert.equal(terminal?.when, `${CONTEXT_KEYS.isSignedIn} && isWorkspaceTrusted`);
  });

  it('declares the terminal profile that is registered, with an icon that is declared', () => {
    const { id, title } = TERMINAL_PROFILE;
    assert.deepEqual(contributes.terminal.profiles, [{ id, title, icon: '$(zeyos-logo)' }]);
  });

  it('hides the commands that need an item of a list from the palette', () => {
    const hidden = contributes.menus?.commandPalette?.filter(({ when }) => when === 'false');
    assert.deepEqual(
      hidden?.map(({ command }) => command),
      [...LIST_COMMANDS],
    );
  });

  it('offers what a document can do in its title and in the palette, only while it is shown', () => {
    const { commandPalette = [], 'editor/title': title = [] } = contributes.menus ?? {};
    const inPalette = commandPalette.filter(({ when }) => when.includes('resourceScheme'));
    assert.deepEqual(
      title.map(({ command }) => command),
      inPalette.map(({ command }) => command),
    );
    for (const { command, when } of [...title, ...inPalette])
      // The editor writes the clauses in a form of its own.
      assert.match(when, /resourceScheme == '?zeyos-(introspection|diagnosis)/, command);
  });

  describe('has a walkthrough', () => {
    const [walkthrough, ...others] = contributes.walkthroughs;
    const steps = walkthrough?.steps ?? [];

    it('with four steps', () => {
      assert.deepEqual([walkthrough?.id, walkthrough?.title, others], [WALKTHROUGH, 'Get started with ZeyOS', []]);
      assert.deepEqual(
        steps.map(({ title }) => title),
        ['Add an instance', 'Sign in', 'See the token', 'Use it'],
      );
    });

    it('whose steps complete by a context key or a command that the code knows', () => {
      const keys: readonly string[] = Object.values(CONTEXT_KEYS);
      for (const { title, completionEvents } of steps) {
        assert.ok(completionEvents.length > 0, title);
        for (const event of completionEvents) {
          const [, kind = '', condition = ''] = /^(onContext|onCommand):(.+)$/.exec(event) ?? [];
          const names = [...condition.matchAll(/zeyos\.\w+/g)].map(([name]) => name);
          const known = kind === 'onCommand' ? (COMMANDS as readonly string[]) : keys;
          assert.ok(names.length > 0 && names.every((name) => known.includes(name)), event);
        }
      }
    });

    it('whose steps run one declared command each', () => {
      const commands = steps.map(({ description }) =>
        [...description.matchAll(/\(command:([\w.]+)\)/g)].map(([, command]) => command),
      );
      assert.deepEqual(commands, [
        ['zeyos.addInstance'],
        ['zeyos.signIn'],
        ['zeyos.introspectToken'],
        ['zeyos.openTerminal'],
      ]);
    });

    it('whose steps have a picture for each kind of theme', () => {
      for (const { title, media } of steps) {
        assert.deepEqual(Object.keys(media.image).sort(), ['dark', 'hc', 'hcLight', 'light'], title);
        for (const file of Object.values(media.image)) assert.ok(existsSync(join(folder, file)), file);
        assert.notEqual(media.altText, '');
      }
    });
  });

  it('links the setting’s description to Add Instance', () => {
    assert.match(
      contributes.configuration.properties['zeyos.instances']?.markdownDescription ?? '',
      /\(command:zeyos\.addInstance\)/,
    );
  });
});
