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
  PROVIDER,
  SETTINGS,
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
    readonly icons: Readonly<
      Record<
        string,
        {
          readonly description: string;
          readonly default: { readonly fontPath: string; readonly fontCharacter: string };
        }
      >
    >;
    readonly menus?: { readonly commandPalette?: readonly { readonly command: string; readonly when: string }[] };
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
  'zeyos.diagnose': 'Diagnose Connection',
  'zeyos.showLog': 'Show Log',
};

describe('The manifest', () => {
  const folder = extension().extensionPath;
  const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
  /** As the editor has it, with its texts. */
  const manifest = extension().packageJSON as Manifest;
  const { contributes } = manifest;

  it('says who it is', () => {
    assert.equal(extension().id, EXTENSION_ID);
    assert.equal(`${manifest.publisher}.${manifest.name}`, EXTENSION_ID);
    assert.equal(manifest.displayName, 'ZeyOS Authentication');
  });

  it('runs on the oldest editor, on both sides of a remote window, without trust, without files, and with no proposed API', () => {
    assert.equal(manifest.engines.vscode, '^1.100.0');
    assert.deepEqual(manifest.extensionKind, ['ui', 'workspace']);
    assert.deepEqual(manifest.capabilities, { untrustedWorkspaces: { supported: true }, virtualWorkspaces: true });
    assert.equal(manifest.enabledApiProposals, undefined);
  });

  it('declares the provider that is registered', () => assert.deepEqual(contributes.authentication, [{ ...PROVIDER }]));

  it('declares the commands that the code knows, each in the category ZeyOS and with its title', () => {
    assert.deepEqual(
      contributes.commands.map(({ command }) => command),
      [...COMMANDS],
    );
    for (const { command, category, title } of contributes.commands)
      assert.deepEqual([category, title], ['ZeyOS', titles[command]], command);
  });

  it('declares the settings that the code knows, each with its default and for the user alone', () => {
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
      assert.ok(description ?? markdownDescription, `${name} is not described`);
  });

  it('gives settings the defaults that the editor then tells', () => {
    for (const [name, value] of Object.entries(SETTINGS))
      assert.deepEqual(vscode.workspace.getConfiguration(CONFIGURATION).inspect(name)?.defaultValue, value, name);
  });

  it('declares icons whose font is there', () => {
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

  it('points at files that are there', () => {
    for (const file of ['media/icon.png', 'dist/extension.js', 'README.md', 'CHANGELOG.md', 'SECURITY.md', 'LICENSE'])
      assert.ok(existsSync(join(folder, file)), file);
  });

  it('has every command registered, and no other', async () => {
    await extension().activate();
    const registered = (await vscode.commands.getCommands(true)).filter((command) => command.startsWith('zeyos.'));
    assert.deepEqual(registered.sort(), [...COMMANDS, ...Object.values(API_COMMANDS)].sort());
  });

  it('keeps the commands for other extensions out of the palette', () => {
    // Only what is declared is in the palette.
    const declared = contributes.commands.map(({ command }) => command);
    assert.deepEqual(
      Object.values(API_COMMANDS).filter((command) => declared.includes(command)),
      [],
    );
  });

  it('offers what needs a session in the palette only where there is one', () => {
    const withSession = [
      'zeyos.signOut',
      'zeyos.introspectToken',
      'zeyos.revokeToken',
      'zeyos.renewToken',
      'zeyos.copyAccessToken',
    ];
    assert.deepEqual(
      contributes.menus?.commandPalette,
      withSession.map((command) => ({ command, when: CONTEXT_KEYS.isSignedIn })),
    );
  });

  it('offers to add an instance where the instances are set', () => {
    assert.match(
      contributes.configuration.properties['zeyos.instances']?.markdownDescription ?? '',
      /\(command:zeyos\.addInstance\)/,
    );
  });
});
