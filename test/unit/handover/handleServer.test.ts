import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { HandleServer, type HandleServerOptions } from '../../../src/handover/handleServer';
import { createPrivateFolder, runtimeFolders } from '../../../src/handover/privateFolder';
import {
  addressOf,
  TRANSFER_MS,
  LONGEST_REQUEST_BYTES,
  noteOf,
  type HandleAnswer,
} from '../../../src/handover/protocol';
import { temporaryFolder } from '../../support/cleanUp';
import { Clock, eventually, turns } from '../../support/clock';

const TOKEN = 'c0ffee'.repeat(7);
const GIVEN = { token: TOKEN, baseUrl: 'https://zeyos.example.com/demo' };

/** What a client got. */
interface Received {
  readonly text: string;
  /** The code of the error that ended the connection, if one did. */
  readonly error: string | undefined;
}

/** Sends a text to a server, and waits for the end of the connection. Sends nothing for `undefined`. */
function send(server: Pick<HandleServer, 'folder'>, text: string | Buffer | undefined): Promise<Received> {
  return new Promise((resolve) => {
    let received = '';
    let code: string | undefined;
    const socket = connect(addressOf(server.folder), () => void (text !== undefined && socket.write(text)));
    socket.on('data', (chunk) => (received += chunk.toString()));
    socket.on('end', () => socket.end());
    socket.on('error', (error: NodeJS.ErrnoException) => (code = error.code));
    socket.on('close', () => resolve({ text: received, error: code }));
  });
}

const request = (command = 'curl'): string => JSON.stringify({ ask: 'token', command });
const ask = (server: HandleServer, command?: string): Promise<Received> =>
  send(server, `${server.secret}\n${request(command)}\n`);

describe('The server through which a ZeyOS terminal asks its window for a token', function () {
  if (process.platform === 'win32') return;
  let folder: ReturnType<typeof temporaryFolder>;
  const opened: HandleServer[] = [];
  let clock: Clock;
  let asked: string[];

  before(() => (folder = temporaryFolder('handle')));
  beforeEach(() => {
    asked = [];
    clock = new Clock();
  });
  afterEach(() => {
    for (const server of opened.splice(0)) server.close();
  });
  after(() => folder.remove());

  async function open(options: Partial<HandleServerOptions> = {}): Promise<HandleServer> {
    const server = await HandleServer.open({
      parents: [folder.path],
      clock,
      answer: (what) => {
        asked.push(what.ask === 'token' ? what.command : what.ask);
        return Promise.resolve(GIVEN);
      },
      ...options,
    });
    opened.push(server);
    return server;
  }

  it('answers a request that contains the secret with one line, and closes the connection', async () => {
    const server = await open();
    const { text, error } = await ask(server);
    assert.equal(error, undefined);
    assert.equal(text, `${JSON.stringify(GIVEN)}\n`);
    assert.deepEqual(asked, ['curl']);
  });

  it('accepts a request that arrives in pieces', async () => {
    const server = await open();
    const received = await new Promise<string>((resolve) => {
      let text = '';
      const socket = connect(addressOf(server.folder));
      const pieces = [...`${server.secret}\n${request()}\n`];
      const next = (): void => {
        const piece = pieces.shift();
        if (piece !== undefined) socket.write(piece, () => setImmediate(next));
      };
      next();
      socket.on('data', (chunk) => (text += chunk.toString()));
      socket.on('end', () => resolve(text));
    });
    assert.equal(received, `${JSON.stringify(GIVEN)}\n`);
  });

  it('has a secret of 256 bits, which differs for each terminal', async () => {
    const [first, second] = [await open(), await open()];
    assert.equal(Buffer.from(first.secret, 'base64url').length, 32);
    assert.notEqual(first.secret, second.secret);
    assert.notEqual(first.folder, second.folder);
  });

  it('answers with the reason if there is no token', async () => {
    const refusal: HandleAnswer = { refusal: 'Signed out.' };
    const server = await open({ answer: () => Promise.resolve(refusal) });
    assert.equal((await ask(server)).text, `${JSON.stringify(refusal)}\n`);
  });

  it('closes the connection without an answer if the window fails', async () => {
    const server = await open({ answer: () => Promise.reject(new Error(`about ${TOKEN}`)) });
    assert.equal((await ask(server)).text, '');
  });

  describe('under attack', () => {
    it('excludes other users by the mode 0700 of its folder and 0600 of its socket', async () => {
      const server = await open();
      assert.equal(lstatSync(server.folder).mode & 0o777, 0o700);
      assert.equal(lstatSync(addressOf(server.folder)).mode & 0o777, 0o600);
      assert.equal(lstatSync(server.folder).uid, process.getuid?.());
    });

    it('cannot be reached by a process of another user', async function () {
      // Only root can run one.
      if (process.getuid?.() !== 0) this.skip();
      chmodSync(folder.path, 0o755);
      const server = await open();
      const script = `require('net').connect(process.argv[1]).on('connect', () => process.exit()).on('error', ({ code }) => console.log(code))`;
      const [own, other] = [undefined, 65_534].map((uid) =>
        spawnSync(process.execPath, ['-e', script, addressOf(server.folder)], {
          uid,
          encoding: 'utf8',
          timeout: 5_000,
        }),
      );
      assert.equal(other?.stdout, 'EACCES\n');
      assert.equal(own?.stdout, '');
    });

    it('has a folder with the mode 0700 for any umask', async () => {
      const before = process.umask(0);
      try {
        const server = await open();
        assert.equal(lstatSync(server.folder).mode & 0o777, 0o700);
      } finally {
        process.umask(before);
      }
    });

    for (const [what, line] of [
      ['no secret', ''],
      ['a wrong secret', 'wrong'],
      ['a secret with a letter more', 'SECRETx'],
      ['a secret with a letter less', 'SECRE'],
      ['the secret in other letters', 'secret'],
      ['a secret of 60 KiB', 'x'.repeat(60 * 1024)],
      ['JSON instead of the secret', '{"secret":"SECRET"}'],
    ] as const) {
      it(`sends no answer to a process with ${what}, and does not ask the window`, async () => {
        const server = await open();
        const given = line
          .replace(/^SECRETx$/, `${server.secret}x`)
          .replace(/^SECRE$/, server.secret.slice(0, -1))
          .replace(/^secret$/, server.secret.toUpperCase())
          .replace('"SECRET"', `"${server.secret}"`);
        assert.equal((await send(server, `${given}\n${request()}\n`)).text, '');
        assert.deepEqual(asked, []);
        assert.equal((await ask(server)).text, `${JSON.stringify(GIVEN)}\n`);
      });
    }

    it('does not accept the secret of another terminal', async () => {
      const [first, second] = [await open(), await open()];
      assert.equal((await send(first, `${second.secret}\n${request()}\n`)).text, '');
      assert.deepEqual(asked, []);
    });

    for (const [what, line] of [
      ['no JSON', 'curl'],
      ['a JSON array', '[]'],
      ['an unknown question', '{"ask":"password"}'],
      ['a command that is no text', '{"ask":"token","command":{}}'],
    ] as const) {
      it(`sends no answer to a request with the secret and ${what}`, async () => {
        const server = await open();
        assert.equal((await send(server, `${server.secret}\n${line}\n`)).text, '');
        assert.deepEqual(asked, []);
      });
    }

    it('closes a connection that sends nothing in time', async () => {
      const server = await open();
      const silent = send(server, undefined);
      const slow = send(server, `${server.secret}\n{"ask"`);
      await eventually(() => server.connections === 2);
      clock.elapse(TRANSFER_MS - 1);
      await turns();
      assert.equal(server.connections, 2, 'a connection was closed too early');
      clock.elapse(1);
      assert.deepEqual([(await silent).text, (await slow).text], ['', '']);
      assert.deepEqual(asked, []);
    });

    it('closes a connection that does not read its answer in time', async () => {
      const answering = new Promise<void>((resolve) => {
        void open({
          answer: () => {
            resolve();
            return Promise.resolve({ refusal: 'x'.repeat(5_000_000) });
          },
        });
      });
      await eventually(() => opened.length === 1);
      const server = opened[0] ?? assert.fail();
      const deaf = connect(addressOf(server.folder)).on('error', () => undefined);
      deaf.pause().write(`${server.secret}\n${request()}\n`);
      await answering;
      await turns();
      clock.elapse(TRANSFER_MS - 1);
      await turns();
      assert.equal(server.connections, 1, 'the connection was closed too early');
      clock.elapse(1);
      await eventually(() => server.connections === 0);
      deaf.destroy();
    });

    it('cancels its timers when a connection ends', async () => {
      const server = await open();
      await ask(server);
      await send(server, 'wrong\n');
      await eventually(() => server.connections === 0);
      assert.deepEqual(clock.due, []);
    });

    it('reads no more than 64 KiB of a request of 10 MB', async () => {
      const server = await open();
      for (const text of [
        Buffer.alloc(10_000_000, 'x'),
        `${server.secret}\n${JSON.stringify({ ask: 'token', command: 'x'.repeat(10_000_000) })}\n`,
      ])
        assert.equal((await send(server, text)).text, '');
      assert.deepEqual(asked, []);
    });

    it('accepts a request of exactly 64 KiB, and none that is a byte longer', async () => {
      const server = await open();
      const rest = `${server.secret}\n${request('')}\n`.length;
      const longest = 'x'.repeat(LONGEST_REQUEST_BYTES - rest);
      assert.notEqual((await ask(server, longest)).text, '');
      assert.equal((await ask(server, `${longest}x`)).text, '');
    });

    it('answers each of ten thousand requests', async function () {
      this.timeout(60_000);
      const server = await open();
      const answers = new Set<string>();
      for (let batch = 0; batch < 100; batch++) {
        const received = await Promise.all(Array.from({ length: 100 }, () => ask(server)));
        received.forEach(({ text }) => answers.add(text));
      }
      assert.deepEqual([...answers], [`${JSON.stringify(GIVEN)}\n`]);
      assert.equal(asked.length, 10_000);
    });

    it('answers a request with the secret after a thousand requests without it', async () => {
      const server = await open();
      const crowd = await Promise.all(Array.from({ length: 1_000 }, () => send(server, 'wrong\n')));
      assert.ok(crowd.every(({ text }) => text === ''));
      assert.equal((await ask(server)).text, `${JSON.stringify(GIVEN)}\n`);
    });

    it('makes its folder in the next place if the path of its socket would be longer than 100 bytes', async () => {
      const long = join(folder.path, 'ü'.repeat(40));
      mkdirSync(long);
      const server = await open({ parents: [long, folder.path] });
      assert.equal(join(server.folder, '..'), folder.path);
      assert.notEqual((await ask(server)).text, '');
      await assert.rejects(open({ parents: [long] }), { name: 'HandoverError', reason: 'noFolder' });
    });

    it('makes its folder in the next place if it cannot be made in the first', async () => {
      const server = await open({ parents: [join(folder.path, 'missing'), folder.path] });
      assert.equal(join(server.folder, '..'), folder.path);
      await assert.rejects(createPrivateFolder([join(folder.path, 'missing')]), (error: Error) => {
        assert.equal((error.cause as NodeJS.ErrnoException).code, 'ENOENT');
        return true;
      });
    });
  });

  describe('once closed', () => {
    it('accepts no connection, and leaves no file behind', async () => {
      const server = await open();
      server.close();
      assert.equal((await ask(server)).error, 'ENOENT');
      assert.deepEqual(
        readdirSync(folder.path).filter((name) => name.startsWith('zeyos-')),
        [],
      );
      server.close();
    });

    it('leaves a file with the reason if the terminal stays open', async () => {
      const server = await open();
      await server.end('You have signed out.');
      assert.match((await ask(server)).error ?? '', /ENOENT|ECONNREFUSED/);
      assert.equal(readFileSync(noteOf(server.folder), 'utf8'), 'You have signed out.');
      assert.equal(server.isOpen, false);
      await server.end('Another reason.');
      assert.equal(readFileSync(noteOf(server.folder), 'utf8'), 'You have signed out.');
    });

    for (const how of ['end', 'close'] as const) {
      it(`answers no request that was under way (${how})`, async () => {
        let give: (answer: HandleAnswer) => void = () => undefined;
        const begun = new Promise<void>((resolve) => {
          void open({
            answer: () => {
              resolve();
              return new Promise((settle) => (give = settle));
            },
          }).then((server) => (asking = ask(server)));
        });
        let asking: Promise<Received> | undefined;
        await begun;
        const [server] = opened;
        if (how === 'end') await server?.end('Signed out.');
        else server?.close();
        give(GIVEN);
        assert.equal((await asking)?.text, '');
      });
    }

    it('closes connections that send nothing', async () => {
      const server = await open();
      const silent = send(server, undefined);
      await eventually(() => server.connections > 0);
      server.close();
      assert.equal((await silent).text, '');
    });
  });

  describe('makes its folder', () => {
    it("in the user's own runtime folder before the temporary ones", () => {
      assert.deepEqual(runtimeFolders({ XDG_RUNTIME_DIR: '/run/user/1000' }, 'linux')[0], '/run/user/1000');
      assert.deepEqual(runtimeFolders({}, 'linux').at(-1), '/tmp');
    });

    it('in the temporary folder on Windows, where the socket is a named pipe', () => {
      assert.equal(runtimeFolders({ XDG_RUNTIME_DIR: '/run' }, 'win32').length, 1);
      assert.equal(addressOf('/temp/zeyos-1234', 'win32'), '\\\\.\\pipe\\zeyos-1234');
    });
  });
});
