import assert from 'node:assert/strict';
import { maxPower } from '../support/sandbox/fixtures';
import { Sandbox } from '../support/sandbox/sandbox';
import { Editor, oneAfterTheOther, STATUS, status, until, type Window } from './editor';
import { clearNotifications, closeEditors, execute, fillIn, notifications, shownDocument } from './steps';

interface Report {
  readonly instances: readonly {
    readonly name: string;
    readonly findings: readonly { readonly code: string; readonly verdict: string }[];
  }[];
}

for (const colorScheme of ['dark', 'light'] as const) {
  describe(`A user who diagnoses connections in a ${colorScheme} theme`, () => {
    let editor: Editor;
    let window: Window;
    let closed: Sandbox;
    let selfSigned: Sandbox;
    let host: string;

    before(async () => {
      closed = await Sandbox.start();
      selfSigned = await Sandbox.start({ tls: true });
      editor = await Editor.start({
        colorScheme,
        settings: (sandbox) => ({
          'zeyos.instances': [
            { url: sandbox.url('demo') },
            { url: closed.url('acme'), name: 'stopped' },
            { url: 'https://zeyos.invalid/demo', name: 'nowhere' },
            { url: selfSigned.url('demo'), name: 'self-signed' },
          ],
        }),
      });
      await closed.stop();
      window = await editor.open();
      host = new URL(editor.sandbox.origin).host;
    });
    after(async () => {
      await editor.stop();
      await selfSigned.stop();
    });
    oneAfterTheOther(() => window);

    const document = (): Promise<string> => shownDocument(window);
    const troubles = (report: Report | null): readonly (readonly [string, string])[] =>
      (report?.instances ?? []).map(
        ({ name, findings }) =>
          [
            name,
            findings
              .filter(({ verdict }) => verdict === 'bad')
              .map(({ code }) => code)
              .join(),
          ] as const,
      );

    it('runs Diagnose Connection, and reads the findings and remedies of each instance', async () => {
      const { workbench } = window;
      await status(window, /Sign in to demo/);
      await workbench.statusClick(STATUS);
      await fillIn(window, 'demo', maxPower.name, maxPower.password);
      await status(window, /demo: max\.power/);
      editor.sandbox.clearRequests();
      await workbench.run('ZeyOS: Diagnose Connection');
      await workbench.toast(/ZeyOS connection diagnosis: Problems: \d\./).waitFor();
      const text = await until(
        'the report',
        async () => (await document()).includes('# ZeyOS connection diagnosis') && (await document()),
      );
      for (const expected of [
        /^## ✓ This editor\n\n- ✓ Good – Machine: The extension runs on the server of this browser-based editor\./m,
        /^## ✓ `demo` – http:\/\/127\.0\.0\.1:\d+\/demo$/m,
        /^- ✓ Good – Response: ZeyOS responds\.$/m,
        /^- ✓ Good – Session: Signed in, `?23 h 5\d min`? left\.$/m,
        /^## ✗ `stopped`[^#]*✗ Problem – Response: None: the connection was refused\.\n {2}- Fix: Check the port/m,
        /^## ✗ `nowhere`[^#]*✗ Problem – Host name: [^#]*✗ Problem – Response: None: the host was not found\.$/m,
        /^## ✗ `self-signed`[^#]*✗ Problem – Certificate: Not trusted: it is self-signed \(`DEPTH_ZERO_SELF_SIGNED_CERT`\)/m,
      ])
        assert.match(text, expected);
      assert.deepEqual(
        editor.sandbox.requests.map(({ headers }) => headers.authorization),
        [undefined, undefined, undefined],
      );
      assert.deepEqual(
        selfSigned.requests.map(({ path }) => path),
        [],
        'nothing may be sent if the certificate is not trusted',
      );
      await window.shot(`diagnosis-${colorScheme}`);
    });

    it('copies the diagnosis report, which names no user', async () => {
      const { workbench } = window;
      await workbench.toastClick('ZeyOS connection diagnosis', 'Copy Report');
      const copied = await until(
        'the report in the clipboard',
        async () => (await window.bridge.evaluate<string>('return vscode.env.clipboard.readText()')) || false,
      );
      assert.equal(copied, await document());
      assert.ok(copied.includes(host) && !copied.includes(maxPower.name));
      assert.ok(editor.sandbox.tokens().every(({ value }) => !copied.includes(value)));
      await closeEditors(window);
    });

    it('starts the diagnosis of one instance from the message of a failed connection', async () => {
      const { workbench } = window;
      const lift = editor.sandbox.fault('/demo/', { kind: 'html', status: 200 });
      await execute(window, 'zeyos.introspectToken');
      await workbench.toast(/A web page was returned instead of/).waitFor();
      await window.shot(`diagnosis-offered-${colorScheme}`);
      await workbench.toastClick('A web page was returned instead of', 'Diagnose');
      const text = await until(
        'the report',
        async () => (await document()).includes('# ZeyOS connection diagnosis') && (await document()),
      );
      assert.match(text, /✗ Problem – Response: A web page was returned instead of a response from ZeyOS/);
      assert.equal(
        (text.match(/^## /gm) ?? []).length,
        2,
        'the report must have a heading for the editor and one for the instance',
      );
      await window.shot(`diagnosis-web-page-${colorScheme}`);
      lift();
      await clearNotifications(window);
      await closeEditors(window);
    });

    it('cancels the diagnosis while a server does not answer', async () => {
      const { workbench } = window;
      const lift = editor.sandbox.fault('/demo/', { kind: 'hang' });
      const result = execute<Report>(window, 'zeyos.diagnose', { instance: editor.sandbox.url('demo') });
      await workbench.toast('Diagnosing the connection to ZeyOS…').waitFor();
      await window.shot(`diagnosis-progress-${colorScheme}`);
      await workbench.toastClick('Diagnosing the connection to ZeyOS…', 'Cancel');
      assert.equal(await result, null);
      lift();
      assert.deepEqual(await notifications(window), []);
    });

    it('gets the diagnosis report as the command’s result', async () => {
      const report = await execute<Report>(window, 'zeyos.diagnose', { instance: 'self-signed' });
      assert.deepEqual(troubles(report), [['self-signed', 'tls.selfSigned,answer.certificate']]);
      await clearNotifications(window);
      await closeEditors(window);
    });
  });
}
