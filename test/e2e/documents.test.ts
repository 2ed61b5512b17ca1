import assert from 'node:assert/strict';
import { maxPower } from '../support/sandbox/fixtures';
import { Editor, oneAfterTheOther, until, type Window } from './editor';
import { clearNotifications, closeEditors, execute, shownDocument } from './steps';

interface Look {
  readonly name: string;
  readonly language: 'en' | 'de' | 'es';
  readonly colorScheme: 'dark' | 'light';
  readonly theme?: string;
}

const looks: readonly Look[] = [
  { name: 'dark', language: 'en', colorScheme: 'dark' },
  { name: 'light', language: 'de', colorScheme: 'light' },
  { name: 'high contrast', language: 'es', colorScheme: 'dark', theme: 'Default High Contrast' },
];

const words = {
  en: {
    active: 'Active: the server accepts this token.',
    inactive: 'Inactive: the server no longer accepts this token.',
    earlier: 'Earlier checks in this window',
    diagnosis: 'ZeyOS connection diagnosis',
    refresh: 'Refresh',
    response: 'Raw Response',
    copy: 'Copy Report',
    checks: 'Earlier Checks',
  },
  de: {
    active: 'Aktiv: Der Server akzeptiert dieses Token.',
    inactive: 'Nicht aktiv: Der Server akzeptiert dieses Token nicht mehr.',
    earlier: 'Frühere Prüfungen in diesem Fenster',
    diagnosis: 'ZeyOS-Verbindungsdiagnose',
    refresh: 'Aktualisieren',
    response: 'Rohantwort',
    copy: 'Bericht kopieren',
    checks: 'Frühere Prüfungen',
  },
  es: {
    active: 'Activo: el servidor acepta este token.',
    inactive: 'Inactivo: el servidor ya no acepta este token.',
    earlier: 'Comprobaciones anteriores en esta ventana',
    diagnosis: 'Diagnóstico de la conexión con ZeyOS',
    refresh: 'Actualizar',
    response: 'Respuesta sin procesar',
    copy: 'Copiar informe',
    checks: 'Comprobaciones anteriores',
  },
} as const;

for (const { name, language, colorScheme, theme } of looks) {
  describe(`A user who reads the documents in ${language}, ${name},`, () => {
    const say = words[language];
    let editor: Editor;
    let window: Window;

    before(async () => {
      editor = await Editor.start({
        language,
        colorScheme,
        settings: (sandbox) => ({
          'zeyos.instances': [
            { url: sandbox.url('demo'), name: 'Demo' },
            { url: 'https://zeyos.invalid/demo', name: 'nowhere' },
          ],
          ...(theme !== undefined && { 'window.autoDetectColorScheme': false, 'workbench.colorTheme': theme }),
        }),
      });
      window = await editor.open();
    });
    after(async () => editor.stop());
    oneAfterTheOther(() => window);

    const rendered = (text: string) => window.workbench.webview().getByText(text).first();
    const action = (label: string) =>
      window.workbench.page
        .locator('.editor-group-container.active .editor-actions')
        .getByRole('button', { name: label, exact: true });
    const tabs = (): Promise<readonly string[]> =>
      window.bridge.evaluate(
        'return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).map(({ label, input }) => `${input.viewType ?? "text"}: ${label}`)',
      );

    it('reads a rendered introspection, without a mark of Markdown', async () => {
      const { workbench } = window;
      const signedIn = execute(window, 'zeyos.signIn', { instance: editor.sandbox.url('demo') });
      await workbench.quickInput.box.waitFor();
      await workbench.quickInput.box.fill(maxPower.name);
      await workbench.quickInput.accept();
      await until('the prompt for the password', () => workbench.quickInput.isPassword());
      await workbench.quickInput.box.fill(maxPower.password);
      await workbench.quickInput.accept();
      assert.notEqual(await signedIn, null);
      await execute(window, 'zeyos.introspectToken');
      await rendered(say.active).waitFor();
      assert.doesNotMatch(await workbench.webview().locator('body').innerText(), /\*\*|`|^#/m);
      assert.match(await shownDocument(window), new RegExp(`\\*\\*${say.active}\\*\\*`));
      await workbench.page.mouse.move(640, 500);
      await window.shot(`documents-introspection-${language}`);
    });

    it('refreshes the introspection in its tab, and sees the earlier check below', async () => {
      const before = await tabs();
      editor.sandbox.revokeAll();
      await action(say.refresh).click();
      await rendered(say.inactive).waitFor();
      await rendered(say.earlier).waitFor();
      assert.deepEqual(await tabs(), before);
      await window.workbench.page.mouse.move(640, 500);
      await window.shot(`documents-introspection-refreshed-${language}`);
    });

    it('reads the masked answer of the server as JSON beside the introspection', async () => {
      await action(say.response).click();
      await until('the answer', async () => {
        const text = await shownDocument(window);
        return text.startsWith('{') && (JSON.parse(text) as { error?: string }).error === 'invalid_token';
      });
      assert.equal((await tabs()).length, 2);
      await window.shot(`documents-response-${language}`);
      await closeEditors(window);
      await clearNotifications(window);
    });

    it('reads a rendered diagnosis, and copies the report', async () => {
      const { workbench } = window;
      await execute(window, 'zeyos.diagnose');
      await rendered(say.diagnosis).waitFor();
      await clearNotifications(window);
      assert.doesNotMatch(await workbench.webview().locator('body').innerText(), /\*\*|`|^#/m);
      await window.shot(`documents-diagnosis-${language}`);
      await action(say.copy).click();
      await until(
        'the report in the clipboard',
        async () =>
          (await window.bridge.evaluate<string>('return vscode.env.clipboard.readText()')) ===
          (await shownDocument(window)),
      );
    });

    it('refreshes the diagnosis without another notification, and goes back to the earlier check', async () => {
      const { workbench } = window;
      const before = await tabs();
      const first = await shownDocument(window);
      await action(say.refresh).click();
      await rendered(say.earlier).waitFor();
      assert.deepEqual(await tabs(), before);
      await window.shot(`documents-diagnosis-refreshed-${language}`);
      await action(say.checks).click();
      const rows = workbench.quickInput.widget.locator('.monaco-list-row');
      await rows.nth(1).waitFor();
      await window.shot(`documents-checks-${language}`);
      await rows.nth(1).click();
      await until('the first report', async () => (await shownDocument(window)) === first);
      assert.deepEqual(await tabs(), before);
      await closeEditors(window);
    });
  });
}

describe('A user who has disabled the Markdown preview', () => {
  let editor: Editor;
  let window: Window;

  before(async () => {
    editor = await Editor.start({
      disabledBuiltIn: ['markdown-language-features'],
      settings: (sandbox) => ({ 'zeyos.instances': [{ url: sandbox.url('demo') }] }),
    });
    window = await editor.open();
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => window);

  const languages = (): Promise<readonly string[]> =>
    window.bridge.evaluate('return vscode.window.visibleTextEditors.map(({ document }) => document.languageId)');

  it('reads a diagnosis as plain text, without a mark of Markdown', async () => {
    await execute(window, 'zeyos.diagnose');
    const text = await until(
      'the report',
      async () => (await shownDocument(window)).startsWith('ZeyOS connection diagnosis') && shownDocument(window),
    );
    assert.doesNotMatch(text, /\*\*|`|^#|^ *- /m);
    assert.deepEqual(await languages(), ['plaintext']);
    await clearNotifications(window);
    await window.shot('documents-plain');
  });

  it('refreshes the diagnosis in its tab', async () => {
    await window.workbench.page
      .locator('.editor-group-container.active .editor-actions')
      .getByRole('button', { name: 'Refresh', exact: true })
      .click();
    const text = await until(
      'the earlier check',
      async () => (await shownDocument(window)).includes('\nEarlier checks in this window\n') && shownDocument(window),
    );
    assert.doesNotMatch(text, /\*\*|`|^#|^ *- /m);
    assert.deepEqual(await languages(), ['plaintext']);
    await closeEditors(window);
  });
});
