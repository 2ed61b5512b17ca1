import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { curlFormFor, requestText, type RequestForm } from '../../../src/handover/requestTexts';
import { PlatformUrl } from '../../../src/zeyos/address/platform';
import { temporaryFolder } from '../../support/cleanUp';
import { Terminal } from '../../support/terminal';

const TOKEN = 'c0ffee'.repeat(7);
const platform = PlatformUrl.parse('https://cloud.zeyos.com/demo');
const FORMS: readonly RequestForm[] = [
  'curlPosix',
  'curlPowerShell',
  'curlCmd',
  'curlBefore83',
  'httpYac',
  'restClient',
];

describe('The text of a copied request', () => {
  for (const [form, text] of [
    [
      'curlPosix',
      "zeyos-run curl --variable '%ZEYOS_TOKEN' --expand-header 'Authorization: Bearer {{ZEYOS_TOKEN}}' 'https://cloud.zeyos.com/demo/api/v1/tickets'",
    ],
    [
      'curlPowerShell',
      "zeyos-run curl --variable '%ZEYOS_TOKEN' --expand-header 'Authorization: Bearer {{ZEYOS_TOKEN}}' 'https://cloud.zeyos.com/demo/api/v1/tickets'",
    ],
    [
      'curlCmd',
      'zeyos-run curl --variable %ZEYOS_TOKEN --expand-header "Authorization: Bearer {{ZEYOS_TOKEN}}" "https://cloud.zeyos.com/demo/api/v1/tickets"',
    ],
    [
      'curlBefore83',
      `zeyos-run sh -c 'printf "Authorization: Bearer %s\\n" "$ZEYOS_TOKEN" | curl --header @- "https://cloud.zeyos.com/demo/api/v1/tickets"'`,
    ],
  ] as const) {
    it(`is one line for ${form}`, () => assert.equal(requestText(form, platform), text));
  }

  it('has one per cent sign for cmd, which would read a pair as a variable', () => {
    assert.equal(requestText('curlCmd', platform).split('%').length, 2);
  });

  it('makes httpYac ask the editor for a session of this instance, and says what the consent covers', () => {
    const text = requestText('httpYac', platform);
    assert.match(text, /^\{\{\n[^]*getSession\('zeyos', \['https:\/\/cloud\.zeyos\.com\/demo'\]/);
    assert.match(
      text,
      /\n\}\}\nGET https:\/\/cloud\.zeyos\.com\/demo\/api\/v1\/tickets\nAuthorization: Bearer \{\{zeyosToken\}\}\n/,
    );
    assert.match(text, /holds for the \.http files of every folder/);
  });

  it('makes REST Client ask the user for the token, under a name for which REST Client hides what is typed', () => {
    const [prompt, request, header] = requestText('restClient', platform).split('\n');
    assert.match(prompt ?? '', /^# @prompt password \S/);
    assert.equal(request, 'GET https://cloud.zeyos.com/demo/api/v1/tickets');
    assert.equal(header, 'Authorization: Bearer {{password}}');
  });

  it('contains no variable that a shell expands outside of the command that zeyos-run starts', () => {
    for (const form of FORMS.filter((each) => each !== 'curlBefore83' && each.startsWith('curl')))
      assert.doesNotMatch(requestText(form, platform), /[$`!]/, form);
  });

  for (const [shell, form] of [
    ['/bin/bash', 'curlPosix'],
    ['/usr/bin/fish', 'curlPosix'],
    ['C:\\Windows\\System32\\cmd.exe', 'curlCmd'],
    ['C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe', 'curlPowerShell'],
    ['/usr/bin/pwsh', 'curlPowerShell'],
    ['', 'curlPosix'],
  ] as const) {
    it(`is for ${form} if the shell is ${shell || 'not known'}`, () => assert.equal(curlFormFor(shell), form));
  }

  /** With the small commands, real shells and a server that looks at all processes while it answers. */
  describe('run in a ZeyOS terminal', function () {
    if (process.platform !== 'linux') return;
    let server: Server;
    let received: IncomingHttpHeaders[];
    /** Lists of arguments with the token in them, seen while a request was under way. */
    let exposed: string[];
    let terminal: Terminal;
    let folder: ReturnType<typeof temporaryFolder>;

    before(async () => {
      folder = temporaryFolder('requests');
      // Stands in for a curl with variables if that of this machine is older.
      if (!hasVariables()) installCurl(folder.path);
      server = createServer((request, response) => {
        received.push(request.headers);
        exposed.push(...argumentLists().filter((list) => list.includes(TOKEN)));
        response.end('[]');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    });
    beforeEach(async () => {
      [received, exposed] = [[], []];
      terminal = await Terminal.open(() => ({ token: TOKEN, baseUrl: here().href }));
    });
    afterEach(() => terminal.close());
    after(() => {
      server.close();
      folder.remove();
    });

    const here = (): PlatformUrl =>
      PlatformUrl.parse(`http://127.0.0.1:${(server.address() as AddressInfo).port}/demo`);

    for (const form of ['curlPosix', 'curlBefore83'] as const) {
      for (const shell of ['sh', 'bash']) {
        it(`sends the token in the header and shows it in no list of arguments (${form} in ${shell})`, async () => {
          const path = `${terminal.env['PATH']?.split(':')[0]}:${folder.path}:${process.env['PATH']}`;
          const { code, out, error } = await terminal.run(shell, ['-c', requestText(form, here())], {
            env: { PATH: path },
          });
          assert.deepEqual([code, out], [0, '[]'], error);
          assert.deepEqual(
            received.map(({ authorization }) => authorization),
            [`Bearer ${TOKEN}`],
          );
          assert.deepEqual(exposed, []);
        });
      }
    }

    it('shows the token in a list of arguments if the outer shell expands the variable, so the tests above can fail', async () => {
      await terminal.sh(
        `zeyos-run sh -c 'curl --silent --header "Authorization: Bearer $ZEYOS_TOKEN" "${here().href}/api/v1/tickets"'`,
      );
      assert.notDeepEqual(exposed, []);
    });
  });
});

/** The arguments of all processes of this machine. */
function argumentLists(): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8')];
      } catch {
        // It has ended.
        return [];
      }
    });
}

/** Whether this machine's curl is 8.3 or later. */
function hasVariables(): boolean {
  const [, major, minor] = /^curl (\d+)\.(\d+)/.exec(execFileSync('curl', ['--version'], { encoding: 'utf8' })) ?? [];
  return Number(major) > 8 || (Number(major) === 8 && Number(minor) >= 3);
}

/**
 * A program that expands variables as curl 8.3 does, and leaves the rest to this machine's curl, which gets the header
 * by its input.
 */
function installCurl(folder: string): void {
  const file = join(folder, 'curl');
  writeFileSync(
    file,
    `#!${process.execPath}
const { execFileSync } = require('node:child_process');
const words = process.argv.slice(2);
if (words[0] !== '--variable') {
  execFileSync('/usr/bin/env', ['curl', ...words], { stdio: 'inherit', env: { ...process.env, PATH: '/usr/bin:/bin' } });
} else {
  const [, variable, option, header, url] = words;
  if (!variable.startsWith('%') || option !== '--expand-header') process.exit(2);
  const name = variable.slice(1);
  const value = process.env[name];
  if (value === undefined) process.exit(2);
  const input = header.replace('{{' + name + '}}', value);
  execFileSync('curl', ['--header', '@-', url], {
    input,
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...process.env, PATH: '/usr/bin:/bin' },
  });
}
`,
  );
  chmodSync(file, 0o755);
}
