import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { maxPower } from '../../../support/sandbox/fixtures';
import { Sandbox } from '../../../support/sandbox/sandbox';
import type { IssuedToken } from '../../../support/sandbox/sandbox';
import { basic } from '../../../support/sandboxClient';

const program = join(__dirname, '../../../support/sandbox/serve.js');

describe('The sandbox as a process of its own', () => {
  let child: ChildProcessByStdio<Writable, Readable, null>;
  let origin: string;

  beforeEach(async () => {
    child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    ({ origin } = JSON.parse(line.toString()) as { origin: string });
  });

  afterEach(() => {
    child.kill();
  });

  it('reports the issued tokens and the exchanges', async () => {
    const headers = { authorization: basic(maxPower) };
    const { access_token } = (await (
      await fetch(`${origin}/demo/auth/v1/token`, { method: 'POST', headers })
    ).json()) as { access_token: string };
    const state = (await (await fetch(`${origin}/_sandbox/state`)).json()) as {
      tokens: IssuedToken[];
      exchanges: unknown[];
    };
    assert.deepEqual(
      state.tokens.map(({ value, api }) => ({ value, api })),
      [{ value: access_token, api: 'authV1' }],
    );
    assert.deepEqual(state.exchanges, []);
  });

  it('rejects the report to a request with a foreign host name', async () => {
    const asked = request(`${origin}/_sandbox/state`, { headers: { host: 'elsewhere.example' } }).end();
    const [response] = (await once(asked, 'response')) as [{ statusCode: number; resume: () => void }];
    response.resume();
    assert.equal(response.statusCode, 403);
  });

  it('ends when its standard input ends', async () => {
    child.stdin.end();
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });

  it('serves a report, which a sandbox inside a test does not serve', async () => {
    const sandbox = await Sandbox.start();
    assert.equal((await fetch(`${sandbox.origin}/_sandbox/state`)).status, 404);
    await sandbox.stop();
  });
});
