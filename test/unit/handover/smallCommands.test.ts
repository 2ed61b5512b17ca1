import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEPT_BY_EDITOR, NOT_INHERITED, VARIABLES } from '../../../src/handover/protocol';
import { temporaryFolder } from '../../support/cleanUp';
import { root } from '../../support/paths';
import { GONE, Terminal } from '../../support/terminal';

const TOKEN = 'c0ffee'.repeat(7);
const BASE_URL = 'https://zeyos.example.com/demo';
const handedOver = { token: TOKEN, baseUrl: BASE_URL };

describe('In a ZeyOS terminal,', function () {
  if (process.platform === 'win32') return;
  let terminal: Terminal;
  let folder: ReturnType<typeof temporaryFolder>;

  before(() => (folder = temporaryFolder('commands')));
  beforeEach(async () => (terminal = await Terminal.open(() => handedOver)));
  afterEach(() => terminal.close());
  after(() => folder.remove());

  /** A program that a test puts on the path, or names as ZeyOS's command line. */
  function program(name: string, script: string): string {
    const path = join(folder.path, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  describe('zeyos-run in sh', () => {
    it('runs a command with the token and its platform URL in its environment', async () => {
      const { code, out } = await terminal.sh('zeyos-run sh -c \'echo "$ZEYOS_TOKEN $ZEYOS_BASE_URL"\'');
      assert.deepEqual([code, out], [0, `${TOKEN} ${BASE_URL}\n`]);
    });

    it('tells the window the name of the command, and none of its arguments', async () => {
      await terminal.sh('zeyos-run echo first second');
      assert.deepEqual(terminal.requests, [{ ask: 'token', command: 'echo' }]);
    });

    it('asks the window for a token for each command', async () => {
      const answers = ['first', 'second'];
      const other = await Terminal.open(() => ({ token: answers.shift() ?? '', baseUrl: BASE_URL }));
      const { out } = await other.sh('zeyos-run printenv ZEYOS_TOKEN; zeyos-run printenv ZEYOS_TOKEN');
      other.close();
      assert.equal(out, 'first\nsecond\n');
    });

    it('starts the command without the variables that give access to the window', async () => {
      const { out } = await terminal.sh('zeyos-run env', { env: { ELECTRON_RUN_AS_NODE: '1' } });
      const names = out.split('\n').map((line) => line.split('=')[0] ?? '');
      assert.deepEqual(
        NOT_INHERITED.filter((name) => names.includes(name)),
        [],
      );
      assert.ok(!out.includes(terminal.server.secret));
    });

    it('sets the variables that keep the ZeyOS command line from renewing or saving the token', async () => {
      const { out } = await terminal.sh(
        'unset ZEYOS_NO_REFRESH ZEYOS_CREDENTIALS_READONLY; zeyos-run env | grep -E "NO_REFRESH|READONLY" | sort',
      );
      const expected = Object.entries(KEPT_BY_EDITOR).map(([name, value]) => `${name}=${value}`);
      assert.deepEqual(out.trim().split('\n'), expected.sort());
    });

    it('sets the platform URL of the token, whatever the terminal has set before', async () => {
      const { out } = await terminal.sh(
        'export ZEYOS_BASE_URL=https://evil.example.com; zeyos-run printenv ZEYOS_BASE_URL',
      );
      assert.equal(out, `${BASE_URL}\n`);
    });

    it('keeps all other variables, including NODE_OPTIONS', async () => {
      const { out } = await terminal.sh('zeyos-run printenv NODE_OPTIONS', { env: { NODE_OPTIONS: '--no-warnings' } });
      assert.equal(out, '--no-warnings\n');
    });

    it("does not load the modules in NODE_OPTIONS into the editor's own Node", async () => {
      const { code, out } = await terminal.sh('zeyos-run printenv NODE_OPTIONS', {
        env: { NODE_OPTIONS: '--require /nowhere/hostile.js' },
      });
      assert.deepEqual([code, out], [0, '--require /nowhere/hostile.js\n']);
    });

    it('passes arguments on unchanged', async () => {
      const words = ['a b', '"', "'", '$HOME', '*', '', '--', 'ü', 'line\nbreak', '`id`', '\\'];
      const { out } = await terminal.run('zeyos-run', ['printf', '%s\\0', ...words]);
      assert.deepEqual(out.split('\0').slice(0, -1), words);
    });

    it('runs a very long command line', async () => {
      const word = 'x'.repeat(100_000);
      const { out } = await terminal.run('zeyos-run', ['printf', '%s', word]);
      assert.equal(out, word);
    });

    it('passes standard input on, to the last byte', async () => {
      const { out } = await terminal.sh('zeyos-run cat', { input: 'first\nsecond without an end' });
      assert.equal(out, 'first\nsecond without an end');
    });

    it('keeps standard output and standard error of the command apart', async () => {
      const { out, error } = await terminal.sh("zeyos-run sh -c 'echo out; echo error >&2'");
      assert.deepEqual([out, error], ['out\n', 'error\n']);
    });

    for (const code of [0, 1, 3, 42, 255]) {
      it(`ends with the exit code ${code} of the command`, async () => {
        assert.equal((await terminal.sh(`zeyos-run sh -c 'exit ${code}'`)).code, code);
      });
    }

    it('is replaced by the command, so that signals reach the command', async () => {
      const { signal } = await terminal.run('zeyos-run', ['sh', '-c', 'echo ready; exec sleep 60'], {
        onOutput: (child) => child.kill('SIGTERM'),
      });
      assert.equal(signal, 'SIGTERM');
    });

    it('lets the command handle a signal itself', async () => {
      const script = 'trap "echo caught; exit 7" INT; echo ready; while :; do sleep 0.05; done';
      const { code, out } = await terminal.run('zeyos-run', ['sh', '-c', script], {
        onOutput: (child, text) => text === 'ready\n' && child.kill('SIGINT'),
      });
      assert.deepEqual([code, out], [7, 'ready\ncaught\n']);
    });

    it('ends with the message and exit code of a shell if the command does not exist', async () => {
      const { code, error } = await terminal.sh('zeyos-run no-such-command');
      assert.equal(code, 127);
      assert.match(error, /no-such-command: not found/);
    });

    it('prints its usage if no command is given, and does not ask the window', async () => {
      for (const line of ['zeyos-run', 'zeyos-run --help', "zeyos-run ''"]) {
        const { code, error } = await terminal.sh(line);
        assert.deepEqual([code, error], [2, 'Usage: zeyos-run <command> [<argument> ...]\n'], line);
      }
      assert.deepEqual(terminal.requests, []);
    });

    it('does not ask for another token if it runs inside a command that it has started', async () => {
      const { out } = await terminal.sh('zeyos-run zeyos-run printenv ZEYOS_TOKEN');
      assert.equal(out, `${TOKEN}\n`);
      assert.equal(terminal.requests.length, 1);
    });

    it('prints no token if the shell traces commands', async () => {
      for (const shell of ['sh', 'bash']) {
        const { error } = await terminal.run(shell, ['-x', join(root, 'media/terminal/posix/zeyos-run'), 'true']);
        assert.ok(!error.includes(TOKEN), shell);
      }
      const exported = await terminal.run('bash', ['-c', 'set -x; export SHELLOPTS; zeyos-run true']);
      assert.ok(!exported.error.includes(TOKEN));
    });
  });

  describe('zeyos-run and zeyos in sh without a token', () => {
    /** A command that must not run, in a terminal whose window answers with a refusal. */
    async function refused(line: string, answer: { refusal: string }) {
      const other = await Terminal.open(() => answer);
      const result = await other.sh(line);
      other.close();
      return result;
    }

    it('print the reason from the window, and end with the exit code 3', async () => {
      const result = await refused('zeyos-run echo ran', { refusal: 'The account is signed out.' });
      assert.deepEqual(result, { code: 3, signal: null, out: '', error: 'The account is signed out.\n' });
    });

    it('say in one line that the window is gone', async () => {
      terminal.server.close();
      const result = await terminal.sh('zeyos-run echo ran');
      assert.deepEqual(result, { code: 3, signal: null, out: '', error: `${GONE}\n` });
    });

    it('say in one line why the terminal has lost its access', async () => {
      await terminal.server.end('You have signed out of max.power.');
      const result = await terminal.sh('zeyos-run echo ran');
      assert.deepEqual(result, { code: 3, signal: null, out: '', error: 'You have signed out of max.power.\n' });
    });

    it('say in one line that they work only in a ZeyOS terminal', async () => {
      const { code, out, error } = await terminal.sh(`unset ${VARIABLES.handle}; zeyos-run echo ran`);
      assert.deepEqual([code, out], [3, '']);
      assert.match(error, /^zeyos-run works only in a terminal .*\n$/);
    });

    it("say in one line that the editor's Node is gone", async () => {
      const { code, out } = await terminal.sh('zeyos-run echo ran', { env: { [VARIABLES.node]: '/nowhere/node' } });
      assert.deepEqual([code, out], [3, '']);
    });
  });

  describe('zeyos in sh', () => {
    it('runs the ZeyOS command line that was found when the terminal was opened, and no other on the path', async () => {
      const cli = program('installed/zeyos', 'echo "installed $* $ZEYOS_TOKEN"');
      program('hostile/zeyos', 'echo hostile');
      const other = await Terminal.open(() => handedOver, { cli });
      const path = `${other.env['PATH']}:${join(folder.path, 'hostile')}`;
      const { out } = await other.sh('zeyos list tickets', { env: { PATH: path } });
      const run = await other.sh('zeyos-run zeyos whoami', {
        env: { PATH: `${join(folder.path, 'hostile')}:${path}` },
      });
      other.close();
      assert.equal(out, `installed list tickets ${TOKEN}\n`);
      assert.equal(run.out, `installed whoami ${TOKEN}\n`);
      assert.deepEqual(other.requests[0], { ask: 'token', command: 'zeyos' });
    });

    for (const line of [
      'zeyos whoami --show-token',
      'zeyos --show-token=true whoami',
      'zeyos-run zeyos whoami --show-token',
    ]) {
      it(`refuses "${line}" with the reason from the window`, async () => {
        const cli = program('installed/zeyos', 'echo "$ZEYOS_TOKEN"');
        const other = await Terminal.open(({ ask }) => ({ refusal: `refused: ${ask}` }), { cli });
        const { code, out, error } = await other.sh(line);
        other.close();
        assert.deepEqual([code, out, error], [3, '', 'refused: showToken\n']);
        assert.deepEqual(other.requests, [{ ask: 'showToken' }]);
      });
    }

    it('prints the window’s explanation if the ZeyOS command line is not installed', async () => {
      const other = await Terminal.open(({ ask }) => ({ refusal: `refused: ${ask}` }));
      const { code, error } = await other.sh('zeyos whoami');
      other.close();
      assert.deepEqual([code, error], [3, 'refused: notInstalled\n']);
    });
  });

  describe('the files of zeyos-run and zeyos', () => {
    const scripts = ['posix', 'windows'].flatMap((system) =>
      readdirSync(join(root, 'media/terminal', system)).map((name) => join('media/terminal', system, name)),
    );
    const text = (file: string): string => readFileSync(join(root, file), 'utf8');

    it('exist for sh, PowerShell and cmd', () => {
      assert.deepEqual(scripts.sort(), [
        'media/terminal/posix/zeyos',
        'media/terminal/posix/zeyos-run',
        'media/terminal/windows/zeyos',
        'media/terminal/windows/zeyos-run',
        'media/terminal/windows/zeyos-run.cmd',
        'media/terminal/windows/zeyos-run.ps1',
        'media/terminal/windows/zeyos.cmd',
        'media/terminal/windows/zeyos.ps1',
      ]);
    });

    it('are the same for sh on Windows, which comes with Git', () => {
      for (const name of ['zeyos', 'zeyos-run'])
        assert.equal(text(`media/terminal/windows/${name}`), text(`media/terminal/posix/${name}`));
    });

    it('are executable', () => {
      for (const file of scripts.filter((name) => name.includes('posix')))
        assert.equal(statSync(join(root, file)).mode & 0o111, 0o111, file);
    });

    it('contain no secret, and set no variable by a command that would show it in a list of processes', () => {
      for (const file of scripts) {
        assert.doesNotMatch(text(file), /\b[a-f0-9]{40}\b|\benv\s+\w+=/, file);
        // Only the helper is started with variables of its own, and none of them is the token.
        assert.doesNotMatch(text(file), /ZEYOS_TOKEN=[^\n]*"\$@"|--token/, file);
      }
    });

    it('remove in sh exactly the access variables that the helper removes', () => {
      const [, names = ''] = /^unset (ELECTRON.*)$/m.exec(text('media/terminal/posix/zeyos-run')) ?? [];
      assert.deepEqual(names.split(' ').sort(), [...NOT_INHERITED].sort());
    });

    it('use only variables that the terminal has', () => {
      const known: readonly string[] = [...Object.values(VARIABLES), 'ZEYOS_TERMINAL_NODE_OPTIONS'];
      for (const file of scripts) {
        const named = text(file).match(/ZEYOS_TERMINAL_\w+/g) ?? [];
        assert.deepEqual(
          named.filter((name) => !known.includes(name)),
          [],
          file,
        );
      }
    });

    it('have CRLF line ends if they are batch files, and LF line ends otherwise', () => {
      for (const file of scripts) assert.equal(/\r\n/.test(text(file)), file.endsWith('.cmd'), file);
    });

    it("start the editor's own Node without NODE_OPTIONS in each shell", () => {
      for (const file of scripts.filter((name) => name.includes('zeyos-run')))
        assert.match(text(file), /NODE_OPTIONS/, file);
    });
  });
});
