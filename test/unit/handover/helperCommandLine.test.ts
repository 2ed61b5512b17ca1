import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { invocation, quoteForBatchFile } from '../../../src/handover/helper/commandLine';
import { helper, Terminal, type Ended } from '../../support/terminal';

const files =
  (...there: readonly string[]) =>
  (path: string): boolean =>
    there.includes(path);
const ENVIRONMENT = { Path: 'C:\\tools;D:\\bin;.;', PATHEXT: '.COM;.EXE;.BAT;.CMD', ComSpec: 'C:\\Windows\\cmd.exe' };

describe('The helper of zeyos-run', () => {
  describe('on Windows', () => {
    const find = (words: readonly string[], ...there: readonly string[]) =>
      invocation(words, ENVIRONMENT, 'win32', files(...there));

    it('starts a program of the search path by its absolute path', () => {
      assert.deepEqual(find(['curl', '-s'], 'D:\\bin\\curl.exe'), {
        file: 'D:\\bin\\curl.exe',
        args: ['-s'],
        isVerbatim: false,
      });
    });

    it('prefers the earlier folder of the path, and in one folder the earlier ending of PATHEXT', () => {
      assert.equal(find(['a'], 'D:\\bin\\a.com', 'C:\\tools\\a.exe')?.file, 'C:\\tools\\a.exe');
      assert.equal(find(['a'], 'C:\\tools\\a.exe', 'C:\\tools\\a.com')?.file, 'C:\\tools\\a.com');
    });

    it('finds a program by a name that has an ending already', () => {
      assert.equal(find(['curl.exe'], 'C:\\tools\\curl.exe')?.file, 'C:\\tools\\curl.exe');
      assert.equal(find(['node18.1'], 'C:\\tools\\node18.1.exe')?.file, 'C:\\tools\\node18.1.exe');
    });

    it('finds no program in the current folder, which may be a workspace', () => {
      assert.equal(find(['curl'], '.\\curl.exe', 'curl.exe', join(process.cwd(), 'curl.exe')), undefined);
    });

    it('starts a program that is named by its path', () => {
      assert.equal(find(['E:\\own\\tool'], 'E:\\own\\tool.exe')?.file, 'E:\\own\\tool.exe');
    });

    it('starts a batch file through cmd.exe, without its AutoRun and with quoted words', () => {
      assert.deepEqual(find(['zeyos', 'list', 'a b'], 'C:\\tools\\zeyos.cmd'), {
        file: 'C:\\Windows\\cmd.exe',
        args: ['/e:ON', '/v:OFF', '/d', '/s', '/c', '""C:\\tools\\zeyos.cmd" "list" "a b""'],
        isVerbatim: true,
      });
    });

    for (const [word, quoted] of [
      ['', '""'],
      ['plain', '"plain"'],
      ['a & calc', '"a & calc"'],
      ['" & calc & "', '""" & calc & """'],
      ['%PATH%', '"%%cd:~,%PATH%%cd:~,%"'],
      ['C:\\folder\\', '"C:\\folder\\\\"'],
      ['back\\slash', '"back\\slash"'],
    ] as const) {
      it(`quotes ${JSON.stringify(word)} for a batch file so that it stays one word`, () => {
        assert.equal(quoteForBatchFile(word), quoted);
      });
    }

    it('leaves an even number of quotation marks in each word, so that no word leaves the quotes', () => {
      for (const word of ['"', '""', 'a"b&c', '\\"', '%"%']) {
        assert.equal((quoteForBatchFile(word).match(/"/g) ?? []).length % 2, 0, word);
      }
    });

    it('refuses a word of several lines for a batch file', () => {
      for (const word of ['a\nb', 'a\rb', 'a\0b'])
        assert.throws(() => quoteForBatchFile(word), {
          message: 'a batch file cannot be given an argument of several lines',
        });
    });
  });

  it('passes the words of a command on unchanged on other systems', () => {
    assert.deepEqual(invocation(['a', '"'], {}, 'linux'), { file: 'a', args: ['"'], isVerbatim: false });
  });

  /** As PowerShell and cmd start it. What it does then is the same on each system. */
  describe('in a shell without exec', () => {
    const TOKEN = 'c0ffee'.repeat(7);
    let terminal: Terminal;

    beforeEach(async () => {
      terminal = await Terminal.open(({ ask }) =>
        ask === 'token' ? { token: TOKEN, baseUrl: 'https://zeyos.example.com/demo' } : { refusal: `refused: ${ask}` },
      );
    });
    afterEach(() => terminal.close());

    function run(words: readonly string[], env: NodeJS.ProcessEnv = {}, input = ''): Promise<Ended> {
      return terminal.run(process.execPath, [helper, 'run', ...words], {
        input,
        env: { ELECTRON_RUN_AS_NODE: '1', ZEYOS_TERMINAL_NODE_OPTIONS: '--no-warnings', ...env },
      });
    }

    const printed = (expression: string): readonly string[] => [
      process.execPath,
      '-e',
      `process.stdout.write(String(${expression}))`,
    ];

    it('gives the command the token, and no access to the window', async () => {
      const { out } = await run(printed('JSON.stringify(process.env)'));
      const env = JSON.parse(out) as Record<string, string>;
      assert.deepEqual(
        [env['ZEYOS_TOKEN'], env['ZEYOS_BASE_URL'], env['NODE_OPTIONS']],
        [TOKEN, 'https://zeyos.example.com/demo', '--no-warnings'],
      );
      for (const name of ['ELECTRON_RUN_AS_NODE', 'ZEYOS_TERMINAL_HANDLE', 'ZEYOS_TERMINAL_SECRET'])
        assert.equal(env[name], undefined, name);
    });

    it('passes on arguments, input and exit code of the command', async () => {
      const script = 'process.stdin.pipe(process.stdout); process.exitCode = Number(process.argv[1])';
      const { code, out } = await run([process.execPath, '-e', script, '42'], {}, 'input');
      assert.deepEqual([code, out], [42, 'input']);
    });

    it('lets the command handle Ctrl+C', async () => {
      const script = 'process.on("SIGINT", () => process.exit(7)); console.log("ready"); setInterval(() => {}, 1000)';
      const child = spawn(process.execPath, [helper, 'run', process.execPath, '-e', script], {
        env: terminal.env,
        stdio: ['ignore', 'pipe', 'inherit'],
        detached: true,
      });
      // To the whole group, as a terminal does.
      child.stdout.once('data', () => process.kill(-(child.pid ?? 0), 'SIGINT'));
      assert.equal(await new Promise((resolve) => child.once('close', resolve)), 7);
    });

    it('says that the command was not found if no program has this name', async () => {
      const { code, error } = await run(['no-such-command']);
      assert.deepEqual([code, error], [127, 'zeyos-run: no-such-command: command not found\n']);
    });

    it('refuses to show the token, and says if the ZeyOS command line is not installed', async () => {
      assert.equal((await run(['zeyos', 'whoami', '--show-token'])).error, 'refused: showToken\n');
      const { code, error } = await run(['zeyos', 'whoami']);
      assert.deepEqual([code, error], [3, 'refused: notInstalled\n']);
    });

    it('runs the ZeyOS command line by its absolute path', async () => {
      const { out } = await run(['zeyos', '-e', 'console.log(process.argv0)'], {
        ZEYOS_TERMINAL_CLI: process.execPath,
      });
      assert.equal(out, `${process.execPath}\n`);
    });

    it('does not ask for another token if it runs inside a command that it has started', async () => {
      const { out } = await run([process.execPath, helper, 'run', ...printed('process.env.ZEYOS_TOKEN')]);
      assert.equal(out, TOKEN);
      assert.equal(terminal.requests.length, 1);
    });

    it('prints its usage if no command is given', async () => {
      const { code, error } = await run([]);
      assert.deepEqual([code, error], [2, 'Usage: zeyos-run <command> [<argument> …]\n']);
    });
  });
});
