import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { CertificateAuthority } from '../support/certificateAuthority';
import { ConnectProxy } from '../support/connectProxy';
import { maxPower } from '../support/sandbox/fixtures';
import { Sandbox, type HandshakeFault } from '../support/sandbox/sandbox';
import { configure, configureInstances, extension } from './support/extension';
import { Person } from './support/person';
import { until } from './support/until';

/** Uses the editor’s own `fetch` with its own errors. */
describe('The message for', () => {
  let person: Person;
  const cleanUp: (() => unknown)[] = [];

  before(() => extension().activate());
  beforeEach(() => (person = new Person()));
  afterEach(async () => {
    for (const undo of cleanUp.splice(0).reverse()) await undo();
    person.leave();
  });
  after(() => configure('instances', undefined));

  const start = async (handshake?: HandshakeFault): Promise<Sandbox> => {
    const sandbox = await Sandbox.start({
      tls: await (await CertificateAuthority.create()).issue(),
      ...(handshake && { handshake }),
    });
    cleanUp.push(() => sandbox.stop());
    return sandbox;
  };
  const http = async (key: string, value: unknown): Promise<void> => {
    const update = (to: unknown) =>
      vscode.workspace.getConfiguration('http').update(key, to, vscode.ConfigurationTarget.Global);
    await update(value);
    cleanUp.push(() => update(undefined));
  };
  const variable = (name: string, value: string): void => {
    const before = process.env[name];
    process.env[name] = value;
    cleanUp.push(() => (before === undefined ? delete process.env[name] : (process.env[name] = before)));
  };

  /** Fails to sign in, and returns the message below the password and the buttons beside it. */
  async function failSignIn(url: string): Promise<{ readonly words: string; readonly buttons: readonly string[] }> {
    await configureInstances(url);
    const result = vscode.commands.executeCommand('zeyos.signIn', { instance: url, account: maxPower.name });
    const words = (await person.type(maxPower.password)) ?? '';
    const buttons = (person.prompt?.buttons ?? []).map(({ tooltip }) => tooltip ?? '');
    await person.dismissAllUntil(result);
    await until(() => person.prompt === undefined);
    return { words, buttons };
  }
  async function findings(url: string): Promise<string> {
    await configureInstances(url);
    const report = await vscode.commands.executeCommand<{
      readonly instances: readonly {
        readonly findings: readonly { readonly code: string; readonly text: string; readonly fix?: string }[];
      }[];
    }>('zeyos.diagnose', { instance: url });
    return (report.instances[0]?.findings ?? [])
      .map(({ code, text, fix }) => `${code}: ${text} ${fix ?? ''}`)
      .join('\n');
  }

  const table: readonly (readonly [string, HandshakeFault, RegExp])[] = [
    [
      'requires a client certificate over TLS 1.2',
      'clientCertificateTls12',
      /requires a client certificate, which is not supported/,
    ],
    ['speaks only TLS 1.0', 'tls10', /offers only an outdated version of TLS/],
    ['speaks only TLS 1.1', 'tls11', /offers only an outdated version of TLS/],
    ['accepts only HTTP/2', 'http2Only', /speaks only HTTP\/2, which is not supported/],
    ['speaks HTTP without TLS', 'plainHttp', /does not use HTTPS on this port/],
  ];
  for (const [what, handshake, expected] of table) {
    it(`a server that ${what} names this as the cause`, async () =>
      assert.match((await failSignIn((await start(handshake)).url('demo'))).words, expected));
  }

  it('a server that requires a client certificate over TLS 1.3 names this as the cause', async () => {
    const url = (await start('clientCertificateTls13')).url('demo');
    // The editor does not trust a test’s authority. Without verification the diagnosis, which sends no credentials,
    // continues.
    variable('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    assert.match(
      await findings(url),
      /tls\.clientCertificate: The server requires a client certificate \(ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED\)/,
    );
  });

  it('a server that answers with an HTTP/2 frame names this as the cause', async () => {
    const sandbox = await start();
    sandbox.fault('/demo/', { kind: 'http2Frame', frame: 'GOAWAY' });
    variable('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    assert.match(await findings(sandbox.url('demo')), /tls\.http2Only/);
  });

  it('certificate verification that a variable turns off names the variable, without a button for the setting', async () => {
    const url = (await start()).url('demo');
    variable('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const { words, buttons } = await failSignIn(url);
    assert.match(words, /the environment variable NODE_TLS_REJECT_UNAUTHORIZED is 0/);
    assert.doesNotMatch(words, /proxyStrictSSL/);
    assert.ok(buttons.includes('Open Settings') && !buttons.includes('Open Proxy Settings'), buttons.join());
  });

  it('certificate verification that a setting turns off names the setting, with a button for it', async () => {
    const url = (await start()).url('demo');
    await http('proxyStrictSSL', false);
    const { words, buttons } = await failSignIn(url);
    assert.match(words, /"http\.proxyStrictSSL" is off/);
    assert.doesNotMatch(words, /NODE_TLS/);
    assert.ok(buttons.includes('Open Proxy Settings'), buttons.join());
  });

  for (const [offers, expected] of [
    [['Negotiate', 'NTLM'], /accepts only Negotiate, NTLM: .*http\.proxyKerberosServicePrincipal/],
    [['NTLM'], /accepts only NTLM: .*local proxy/],
    [['Basic realm="x"'], /Put the user name and password into the URL in "http\.proxy"/],
  ] as const) {
    it(`a proxy that offers ${offers.join(' and ')} contains a remedy that works`, async () => {
      const proxy = await ConnectProxy.start({ refuses: 407, offers });
      cleanUp.push(() => proxy.stop());
      await http('proxy', proxy.url);
      const { words, buttons } = await failSignIn('https://zeyos.invalid/demo');
      assert.match(words, expected);
      assert.ok(buttons.includes('Open Proxy Settings'), buttons.join());
    });
  }

  for (const [proxy, expected] of [
    ['http://anna:50%geheim@127.0.0.1:9', /must be percent-encoded/],
    ['127.0.0.1:9', /cannot use the proxy in http\.proxy/],
  ] as const) {
    it(`the invalid proxy ${proxy} names the setting`, async () => {
      await http('proxy', proxy);
      const { words } = await failSignIn('https://zeyos.invalid/demo');
      assert.match(words, expected);
      assert.doesNotMatch(words, /geheim|anna/);
      assert.match(await findings('https://zeyos.invalid/demo'), /proxy\.invalid: .*http\.proxy/);
    });
  }
});
