import * as assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import {
  mcpApi,
  type McpApi,
  type McpServerDefinition,
  type McpServerDefinitionProvider,
} from '../../../../src/editor/mcpApi';
import { MCP_PROVIDER } from '../../../../src/manifest';
import { Agents } from '../../../../src/ui/agents/agents';
import { root } from '../../../support/paths';
import { juergen, maxPower } from '../../../support/sandbox/fixtures';
import type { Sandbox } from '../../../support/sandbox/sandbox';
import { configure, configureInstances, extension, signIn, signOut } from '../../support/extension';
import { Graph } from '../../support/graph';
import { Person, type Message } from '../../support/person';
import { startServer } from '../../support/server';
import { until } from '../../support/until';
import { Vault } from '../../support/vault';

/** Stands in for ZeyOS's own server, and reports what it was started with. */
const program = join(root, 'test/support/mcp/zeyos-mcp');

interface Report {
  readonly pid: number;
  readonly variables: Readonly<Record<string, string>>;
}

/** The part of the API for tools that the oldest editor has too. */
const tools = (): readonly string[] => vscode.lm.tools.map(({ name }) => name);
const hashed = (token: string): string => `sha256:${createHash('sha256').update(token).digest('hex')}`;

describe('Agents', () => {
  let sandbox: Sandbox;
  let person: Person;
  let modals: Message[];
  let url: string;

  before(async () => {
    await extension().activate();
    sandbox = await startServer();
    url = sandbox.url('demo');
    await configure('mcp.command', program);
  });

  beforeEach(async () => {
    await configureInstances(url, sandbox.url('acme'));
    person = new Person();
    modals = [];
    await signIn(person, url, maxPower);
    person.messages.length = 0;
    person.reply = (dialog) => {
      modals.push(dialog);
      return dialog.buttons[0];
    };
  });

  afterEach(async () => {
    await configure('mcp.enabled', undefined);
    await configure('mcp.command', program);
    await signOut(person, url);
    assert.equal(person.prompt, undefined, 'a prompt was left open');
    person.leave();
  });

  after(async () => {
    await configure('mcp.command', undefined);
    await configure('instances', undefined);
    await sandbox.stop();
  });

  const lastToken = (): string => sandbox.tokens().at(-1)?.value ?? assert.fail('no token was issued');

  if (!mcpApi()) {
    describe('in an editor without the API for MCP servers', () => {
      it('are offered nothing, and the extension is active all the same', async () => {
        assert.ok(extension().isActive);
        await configure('mcp.enabled', true);
        await until(() => person.messages.length > 0);
        const graph = await Graph.open(await Vault.open());
        const agents = new Agents(graph.services);
        await agents.offers.refresh();
        assert.deepEqual(agents.offers.state, { reason: 'unsupported' });
        agents.dispose();
        graph.close();
      });

      it('do not keep the extension from starting if the editor refuses the provider', async () => {
        const graph = await Graph.open(await Vault.open());
        const agents = new Agents(graph.services, {
          lm: {
            registerMcpServerDefinitionProvider: () => {
              throw new Error('a proposed API');
            },
          },
          McpStdioServerDefinition: class {} as unknown as McpApi['McpStdioServerDefinition'],
        });
        await configure('mcp.enabled', true);
        await agents.offers.refresh();
        assert.deepEqual(agents.offers.state, { reason: 'unsupported' });
        agents.dispose();
        graph.close();
      });

      it('cause a message that names the required version when the setting is turned on, with a button for the setting', async () => {
        await configure('mcp.enabled', true);
        const message = await until(() => person.messages[0]);
        assert.equal(
          message.text,
          `Offering ZeyOS to agents needs an editor based on VS Code 1.101 or later. This one is based on ${vscode.version}, so the setting zeyos.mcp.enabled has no effect here.`,
        );
        assert.deepEqual(message.buttons, ['Open Settings']);
        assert.deepEqual(modals, []);
      });

      it('have a setting whose description names the required version', () => {
        const { contributes } = extension().packageJSON as {
          contributes: { configuration: { properties: Record<string, { markdownDescription: string }> } };
        };
        assert.match(
          contributes.configuration.properties['zeyos.mcp.enabled']?.markdownDescription ?? '',
          /Needs an editor based on VS Code 1\.101 or later/,
        );
      });
    });
    return;
  }

  describe('in an editor with the API for MCP servers', () => {
    before(() =>
      vscode.workspace.getConfiguration().update('chat.disableAIFeatures', false, vscode.ConfigurationTarget.Global),
    );
    after(() =>
      vscode.workspace.getConfiguration().update('chat.disableAIFeatures', true, vscode.ConfigurationTarget.Global),
    );

    /** Starts the server, as the editor does before an agent uses a tool. Resolves to why it does not start. */
    const start = async (): Promise<string | undefined> => {
      try {
        await vscode.commands.executeCommand('workbench.mcp.startServer', '*', { waitForLiveTools: true });
        return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    };
    /** Has an agent use the tool; the editor starts the server if it does not run. */
    const use = async (): Promise<Report> => {
      const name = await until(() => tools().find((tool) => /zeyos.*_environment$/.test(tool)));
      const { content } = await until(async () => {
        try {
          return await vscode.lm.invokeTool(name, { input: {}, toolInvocationToken: undefined });
        } catch (error) {
          // Another process of the editor may know the tool a moment later.
          if ((error as Error).message.includes('was not contributed')) return undefined;
          throw error;
        }
      });
      return JSON.parse((content[0] as vscode.LanguageModelTextPart).value) as Report;
    };
    /** Turns the setting on, and waits until the editor knows the server. */
    const offer = async (): Promise<void> => {
      await configure('mcp.enabled', true);
      await until(async () => {
        const failure = await start();
        return failure !== undefined || modals.length > 0 || tools().some((tool) => /zeyos.*_environment$/.test(tool));
      });
    };
    const isRunning = (pid: number): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    const isOver = (pid: number): Promise<true> => until(() => !isRunning(pid) || undefined).then(() => true);

    it('are asked about in a modal that names account, instance and program, and get the token of the account', async () => {
      await offer();
      const report = await use();
      assert.equal(modals.length, 1);
      const [{ text, detail, buttons }] = modals as [Message];
      assert.equal(text, `Allow agents to use ZeyOS as max.power (${new URL(url).host}/demo)?`);
      assert.ok(detail.includes(url) && detail.includes(program), detail);
      assert.deepEqual(buttons, ['Allow Reading', 'Allow Reading and Writing']);
      assert.deepEqual(report.variables, {
        ZEYOS_BASE_URL: url,
        ZEYOS_TOKEN: hashed(lastToken()),
        ZEYOS_NO_REFRESH: '1',
        ZEYOS_CREDENTIALS_READONLY: '1',
      });
      assert.equal(JSON.stringify(person.messages).includes(lastToken()), false);
    });

    it('may write only if the user allows it', async () => {
      person.reply = ({ buttons }) => buttons[1];
      await offer();
      assert.equal((await use()).variables['ZEYOS_MCP_ALLOW_WRITES'], '1');
    });

    it('get nothing of what the editor was started with that would name another account or allow writing', async () => {
      const planted = { ZEYOS_PROFILE: 'live', ZEYOS_REFRESH_TOKEN: 'r', ZEYOS_MCP_ALLOW_WRITES: '1' };
      Object.assign(process.env, planted);
      try {
        await offer();
        const { variables } = await use();
        assert.deepEqual(
          Object.keys(planted).filter((name) => name in variables),
          [],
        );
      } finally {
        for (const name of Object.keys(planted)) delete process.env[name];
      }
    });

    it('need the consent once, and the next start shows no question', async () => {
      await offer();
      const { pid } = await use();
      await configure('mcp.enabled', undefined);
      await isOver(pid);
      await offer();
      assert.notEqual((await use()).pid, pid);
      assert.equal(modals.length, 1);
    });

    it('get the new token after a renewal: the editor stops the running server, and starts it again for the next call', async () => {
      await offer();
      const before = await use();
      const signedIn = vscode.commands.executeCommand('zeyos.renewToken', { instance: url, account: maxPower.name });
      await person.type(maxPower.password);
      await signedIn;
      await isOver(before.pid);
      const after = await use();
      assert.notEqual(after.pid, before.pid);
      assert.deepEqual(after.variables, { ...before.variables, ZEYOS_TOKEN: hashed(lastToken()) });
      assert.equal(modals.length, 1);
    });

    it('lose the account at sign-out, with a sentence, and are asked about again after the next sign-in', async () => {
      await offer();
      const { pid } = await use();
      await signOut(person, url);
      await isOver(pid);
      assert.match(person.heard, /Agents can no longer use ZeyOS as max\.power .* once you have signed in to/);
      const signedIn = signIn(person, url, maxPower);
      await signedIn;
      await until(async () => (await start(), modals.length === 2) || undefined);
      assert.equal((await use()).variables['ZEYOS_TOKEN'], hashed(lastToken()));
    });

    it('lose the account when the server has ended the session, with a sentence and a button to sign in again', async () => {
      await offer();
      const { pid } = await use();
      sandbox.revoke(lastToken());
      await vscode.commands.executeCommand('zeyos.introspectToken', { instance: url, account: maxPower.name });
      await isOver(pid);
      const message = person.messages.find(({ text }) =>
        text.startsWith('Agents can no longer use ZeyOS as max.power'),
      );
      assert.match(message?.text ?? '', /has ended, so agents cannot use it\. Sign in again\./);
      assert.deepEqual(message?.buttons, ['Sign In Again']);
    });

    it('lose the account when the user switches to another instance, with a sentence', async () => {
      await offer();
      const { pid } = await use();
      await vscode.commands.executeCommand('zeyos.switchInstance', { instance: 'acme' });
      await isOver(pid);
      assert.match(person.heard, /Agents can no longer use ZeyOS as max\.power .*\/acme\./);
      await vscode.commands.executeCommand('zeyos.switchInstance', { instance: url });
    });

    it('work with another account of the instance once that is the active one, after a question of its own', async () => {
      await offer();
      const { pid } = await use();
      await signIn(person, url, juergen);
      await isOver(pid);
      assert.match(person.heard, /Agents now work with jürgen .* instead of max\.power/);
      await until(async () => (await start(), modals.length === 2) || undefined);
      assert.match(modals[1]?.text ?? '', /jürgen/);
    });

    it('get nothing if the user refuses, and are not asked about again at once', async () => {
      person.reply = (dialog) => {
        modals.push(dialog);
        return undefined;
      };
      await configure('mcp.enabled', true);
      const failure = await until(start);
      assert.match(failure, /You did not allow agents to use ZeyOS as max\.power/);
      assert.match((await start()) ?? '', /Try again in a minute/);
      assert.equal(modals.length, 1);
    });

    it('get nothing if the program is not installed, and the user gets a message', async () => {
      await configure('mcp.command', '/nowhere/zeyos-mcp');
      await configure('mcp.enabled', true);
      const message = await until(() => person.messages.find(({ text }) => text.includes('/nowhere/zeyos-mcp')));
      assert.equal(
        message.text,
        'Agents cannot use ZeyOS: there is no program /nowhere/zeyos-mcp. Correct the setting zeyos.mcp.command.',
      );
      assert.equal(await start(), undefined);
      assert.deepEqual(modals, []);
    });

    it('lose the account when the user withdraws the consent in the list of sessions', async () => {
      await offer();
      const { pid } = await use();
      const list = vscode.commands.executeCommand('zeyos.showSessions');
      const box = await until(() => person.prompt);
      assert.ok('items' in box);
      assert.match(box.items.find(({ label }) => label === maxPower.name)?.detail ?? '', /agents may read/);
      await person.pick(maxPower.name);
      await person.pick("Withdraw Agents' Access");
      await list;
      await isOver(pid);
      assert.match(person.heard, /Agents can no longer use ZeyOS as max\.power .* in this workspace\./);
      await until(async () => (await start(), modals.length === 2) || undefined);
    });

    it('get the token for a production instance only after the user has entered its name', async () => {
      await configure('instances', [{ url, signIn: 'password', production: true }]);
      await configure('mcp.enabled', true);
      const started = until(async () => (await start(), modals.length > 0) || undefined);
      const box = await until(() => person.prompt);
      assert.equal(box.title, 'PROD · Allow Reading');
      assert.match(modals[0]?.text ?? '', /^PROD · Allow agents/);
      await person.type('demo');
      await started;
      assert.equal((await use()).variables['ZEYOS_BASE_URL'], url);
    });

    it('are offered a definition without a secret, which gets the environment only when the server is started', async () => {
      const graph = await Graph.open(await Vault.open());
      const account = await graph.signInAt(url, maxPower);
      const token = account.session?.accessToken?.value ?? assert.fail();
      const registered: [string, McpServerDefinitionProvider][] = [];
      class Definition implements McpServerDefinition {
        constructor(
          readonly label: string,
          public command: string,
          public args: string[] = [],
          public env: Record<string, string | number | null> = {},
          public version = '',
        ) {}
      }
      const api: McpApi = {
        lm: {
          registerMcpServerDefinitionProvider: (id, provider) => {
            registered.push([id, provider]);
            return new vscode.Disposable(() => undefined);
          },
        },
        McpStdioServerDefinition: Definition,
      };
      await configure('mcp.enabled', true);
      const agents = new Agents(graph.services, api);
      try {
        const [[id, provider] = assert.fail('nothing was registered')] = registered;
        assert.equal(id, MCP_PROVIDER.id);
        const cancellation = new vscode.CancellationTokenSource().token;
        const [definition = assert.fail('nothing is offered')] =
          await provider.provideMcpServerDefinitions(cancellation);
        assert.deepEqual(
          { ...definition },
          { label: 'ZeyOS demo: max.power', command: program, args: [], env: {}, version: '1' },
        );
        const resolved = await provider.resolveMcpServerDefinition(definition, cancellation);
        assert.equal(resolved.env['ZEYOS_TOKEN'], token);
        assert.equal(JSON.stringify(await provider.provideMcpServerDefinitions(cancellation)).includes(token), false);
        assert.equal(graph.log.text.includes(token), false);
        assert.match(graph.log.text, /zeyos-mcp \(.*\) gets the access token of max\.power \(.*\/demo\), for reading/);
      } finally {
        agents.dispose();
        graph.close();
        await delay(0);
      }
    });
  });
});
