import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { get as secureGet } from 'node:https';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { temporaryFolder } from '../../support/cleanUp';
import { environment } from '../../support/environment';
import { root } from '../../support/paths';
import { parseFaultOption } from '../../support/sandbox/faultText';
import { maxPower } from '../../support/sandbox/fixtures';
import { readInstances } from '../../support/sandbox/tool/instancesOption';
import { parseOptions } from '../../support/sandbox/tool/options';
import { basic } from '../../support/sandboxClient';

interface Report {
  readonly origin: string;
  readonly instances: Readonly<Record<string, string>>;
  readonly caFile?: string;
  readonly settings: { readonly 'zeyos.instances': readonly Readonly<Record<string, string>>[] };
}

const program = join(root, 'bin/zeyos-sandbox.mjs');

describe('The command zeyos-sandbox', function () {
  // Each test starts a Node, which bundles the sandbox first.
  this.timeout(20_000);
  let child: ChildProcessByStdio<Writable, Readable, Readable> | undefined;
  let folder: ReturnType<typeof temporaryFolder>;

  beforeEach(() => {
    folder = temporaryFolder('sandbox-tool');
  });

  afterEach(() => {
    child?.kill();
    folder.remove();
  });

  function start(...args: string[]): ChildProcessByStdio<Writable, Readable, Readable> {
    child = spawn(process.execPath, [program, ...args], { cwd: folder.path, stdio: 'pipe' });
    return child;
  }

  async function report(...args: string[]): Promise<Report> {
    const [line] = (await once(start('--json', ...args).stdout, 'data')) as [Buffer];
    return JSON.parse(line.toString()) as Report;
  }

  async function outcome(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const { stdout, stderr } = start(...args);
    const texts = { stdout: '', stderr: '' };
    stdout.on('data', (data: Buffer) => (texts.stdout += data.toString()));
    stderr.on('data', (data: Buffer) => (texts.stderr += data.toString()));
    const [code] = (await once(child as NonNullable<typeof child>, 'close')) as [number];
    return { code, ...texts };
  }

  it('is the bin of the package, and is executable', () => {
    const { bin } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { bin: Record<string, string> };
    assert.equal(join(root, bin['zeyos-sandbox'] ?? ''), program);
    assert.match(readFileSync(program, 'utf8'), /^#!\/usr\/bin\/env node\n/);
  });

  it('runs by npx with this folder as the package, without a network', () => {
    const { status, stdout, stderr } = spawnSync(
      'npx',
      ['--offline', '--yes', '--package', root, 'zeyos-sandbox', '--help'],
      {
        cwd: folder.path,
        env: environment({ npm_config_cache: join(folder.path, 'npm'), npm_config_update_notifier: 'false' }),
        encoding: 'utf8',
        shell: process.platform === 'win32',
      },
    );
    assert.deepEqual([status, stdout.split('\n')[0]], [0, 'Usage: zeyos-sandbox [options]'], stderr);
  });

  it('serves the instances that are named, under the rules and with the faults of its options', async () => {
    const { origin, instances, settings } = await report(
      ...['--instances', 'demo,private/erp', '--lifetime', '60', '--token-sets', 'one'],
      ...['--fault', 'POST /demo/auth/v1/token=1*503', '--end-with-stdin'],
    );
    assert.deepEqual(instances, { demo: `${origin}/demo`, 'private/erp': `${origin}/private/erp` });
    assert.deepEqual(settings['zeyos.instances'][1], { url: `${origin}/private/erp`, clientId: 'vscode' });
    const signIn = () =>
      fetch(`${origin}/demo/auth/v1/token`, { method: 'POST', headers: { authorization: basic(maxPower) } });
    assert.equal((await signIn()).status, 503);
    assert.equal(((await (await signIn()).json()) as { expires_in: number }).expires_in, 60);
    const state = (await (await fetch(`${origin}/_sandbox/v1/state`)).json()) as {
      instances: { tokenSets: string }[];
    };
    assert.deepEqual(
      state.instances.map(({ tokenSets }) => tokenSets),
      ['one', 'one'],
    );
    child?.stdin.end();
    assert.deepEqual(await once(child as NonNullable<typeof child>, 'exit'), [0, null], 'it ends with its input');
  });

  it('serves https with a certificate in a file, and removes the file at the end', async () => {
    const { origin, caFile = '' } = await report('--tls');
    const status = await new Promise((resolve, reject) => {
      secureGet(`${origin}/demo`, { ca: readFileSync(caFile) }, (response) => resolve(response.resume().statusCode)).on(
        'error',
        reject,
      );
    });
    assert.equal(status, 200);
    child?.kill('SIGTERM');
    assert.deepEqual(await once(child as NonNullable<typeof child>, 'exit'), [0, null]);
    assert.ok(!existsSync(caFile));
  });

  it('leaves the certificate in a file that the user names', async () => {
    const { caFile } = await report('--tls', '--ca-file', 'ca.pem');
    child?.kill('SIGINT');
    await once(child as NonNullable<typeof child>, 'exit');
    assert.equal(caFile, join(folder.path, 'ca.pem'));
    assert.match(readFileSync(join(folder.path, 'ca.pem'), 'utf8'), /BEGIN CERTIFICATE/);
  });

  it('shows its options with --help, on the standard output', async () => {
    const { code, stdout, stderr } = await outcome('--help');
    assert.deepEqual([code, stderr], [0, '']);
    for (const option of ['--port', '--instances', '--tls', '--fault', '--token-sets'])
      assert.ok(stdout.includes(option));
  });

  it('exits with 2 and one reason for an option that makes no sense', async () => {
    const { code, stderr } = await outcome('--port', 'eighty');
    assert.equal(code, 2);
    assert.match(stderr, /^--port must be a number from 0 to 65535\.\n/);
  });

  it('exits with 1 and names the port if the port is in use', async () => {
    const { origin } = await report();
    const first = child;
    const { port } = new URL(origin);
    const { code, stderr } = await outcome('--port', port);
    first?.kill();
    assert.deepEqual([code, stderr], [1, `Port ${port} is taken. Choose another --port, or leave it out.\n`]);
  });

  it('reads instances from a JSON file', () => {
    const file = join(folder.path, 'instances.json');
    writeFileSync(file, '[{"name":"mine","users":[{"name":"eve","password":"x"}],"apis":["legacy"]}]');
    assert.deepEqual(
      readInstances(file).map(({ name, apis }) => [name, apis]),
      [['mine', ['legacy']]],
    );
  });

  for (const [name, content] of [
    ['that is no JSON', '[{'],
    ['without an array', '{"name":"mine"}'],
    ['with a user without a password', '[{"name":"mine","users":[{"name":"eve"}]}]'],
    ['with null', '[null]'],
    ['without an instance', '[]'],
  ] as const)
    it(`refuses a JSON file ${name}`, () => {
      const file = join(folder.path, 'instances.json');
      writeFileSync(file, content);
      assert.throws(() => readInstances(file), Error);
    });

  for (const names of ['demo,demo', 'demo,demo/x', '_sandbox', '', '../x', 'a b'])
    it(`refuses the instance names ${JSON.stringify(names)}`, () => assert.throws(() => readInstances(names), Error));

  for (const args of [
    ['--host', '0.0.0.0'],
    ['--host', '10.0.0.1'],
    ['--ca-file', 'x.pem'],
    ['--tls', '--host', '127.0.0.2'],
    ['--lifetime', '0'],
    ['--lifetime', ''],
    ['--token-sets', 'two'],
    ['--fault', '503'],
    ['--nowhere'],
    ['demo'],
  ])
    it(`refuses the options ${args.join(' ')}`, () => assert.throws(() => parseOptions(args), Error));

  for (const [text, expected] of [
    ['/token=503', { where: '/token', fault: { kind: 'status', status: 503 } }],
    ['/api=2*429:5', { where: '/api', fault: { kind: 'status', status: 429, retryAfterSeconds: 5 }, times: 2 }],
    ['^POST .*token$=hang', { where: /^POST .*token$/, fault: { kind: 'hang' } }],
    ['/=delay:20', { where: '/', fault: { kind: 'delay', ms: 20 } }],
    ['/=slowDrip', { where: '/', fault: { kind: 'slowDrip', everyMs: 100 } }],
    ['/=lostAnswer', { where: '/', fault: { kind: 'lostAnswer', how: 'reset' } }],
    [
      '/=redirect:https://a.example/?b=c',
      { where: '/', fault: { kind: 'redirect', location: 'https://a.example/?b=c' } },
    ],
    ['/={"kind":"text","body":"no"}', { where: '/', fault: { kind: 'text', body: 'no' } }],
  ] as const)
    it(`takes the fault ${text}`, () => assert.deepEqual(parseFaultOption(text), expected));

  for (const text of [
    '/=',
    '=503',
    '/=99',
    '/=600',
    '/=delay',
    '/=delay:soon',
    '/=explode',
    '/=redirect',
    '/=lostAnswer:maybe',
    '/={"kind":"text"}',
    '/={"kind":"hang","ms":1}',
    '/={"kind":',
    '/=null',
    '^(=503',
  ])
    it(`refuses the fault ${text}`, () => assert.throws(() => parseFaultOption(text), Error));
});
