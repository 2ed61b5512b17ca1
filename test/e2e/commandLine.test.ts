import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accountsTree } from '../support/host/tree';
import { maxPower } from '../support/sandbox/fixtures';
import { Editor, oneAfterTheOther, status, type Window } from './editor';
import { accountsAre, answerPassword, execute, notification } from './steps';

describe('A person with a production instance and the ZeyOS command line', () => {
  let editor: Editor;
  let window: Window;

  before(async () => {
    editor = await Editor.start({
      settings: (sandbox) => ({
        'zeyos.instances': [{ url: sandbox.url('demo'), name: 'Live', production: true }],
      }),
    });
    const home = join(editor.host.data, 'home/.config/zeyos');
    mkdirSync(home, { recursive: true });
    const profiles = {
      acme: { baseUrl: editor.sandbox.url('acme'), clientId: 'cli', clientSecret: 'secret of the command line' },
      shop: { baseUrl: editor.sandbox.url('shop') },
      live: { baseUrl: editor.sandbox.url('demo') },
    };
    writeFileSync(join(home, 'profiles.json'), JSON.stringify({ active: 'acme', profiles }), { mode: 0o644 });
    const project = join(editor.host.workspace, '.zeyos');
    mkdirSync(project);
    writeFileSync(join(project, 'auth.json'), JSON.stringify({ baseUrl: 'https://zeyos.example.com/foreign' }), {
      mode: 0o600,
    });
    window = await editor.open();
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => window);

  const inBothThemes = async (name: string): Promise<void> => {
    for (const colorScheme of ['dark', 'light'] as const) {
      await window.workbench.page.emulateMedia({ colorScheme });
      await window.workbench.page.waitForTimeout(500);
      await window.shot(`${name}-${colorScheme}`);
    }
    await window.workbench.page.emulateMedia({ colorScheme: 'dark' });
  };

  it('sees the mark PROD first in the status bar and in the prompt for the password', async () => {
    await status(window, /PROD · Sign in to Live/);
    const signedIn = execute(window, 'zeyos.signIn', { instance: editor.sandbox.url('demo'), account: maxPower.name });
    await window.workbench.quickInput.waitFor('PROD · Sign in to demo');
    await window.shot('production-password');
    await answerPassword(window, 'demo', maxPower.name, maxPower.password);
    await signedIn;
    await status(window, /PROD · Live: max\.power/);
  });

  it('sees the mark PROD in the Accounts view and in Show Sessions, where a screen reader reads it too', async () => {
    const { quickInput } = window.workbench;
    const view = accountsTree(window.workbench.page);
    await execute(window, 'zeyos.accounts.focus');
    await view.row('Instance PROD · Live').waitFor();
    await view.row('Account max.power on PROD · Live').waitFor();
    await window.workbench.run('ZeyOS: Show Sessions');
    await quickInput.row('PROD · max.power').waitFor();
    await quickInput.row('PROD · Sign In with Another Account').waitFor();
    await inBothThemes('production-sessions');
    await quickInput.pick('ZeyOS Sessions', 'PROD · max.power');
    await quickInput.waitFor('PROD · max.power');
    await window.shot('production-actions');
    await quickInput.cancel();
  });

  it('has to enter the name of the instance before its token is revoked', async () => {
    await window.workbench.run('ZeyOS: Revoke Token');
    assert.match(await window.workbench.dialogText(), /^PROD · Revoke the token for max\.power/);
    await window.workbench.dialogClick('Revoke');
    await window.workbench.quickInput.waitFor('PROD · Revoke Token');
    await inBothThemes('production-name');
    await window.workbench.quickInput.answer('PROD · Revoke Token', 'live');
    await notification(window, /Nothing was done on .*\/demo/);
    await accountsAre(window, `max.power (${new URL(editor.sandbox.origin).host}/demo)`);
  });

  it('selects the connections of the command line to add, of which the one of the folder is marked and not ticked', async () => {
    const { quickInput } = window.workbench;
    await window.workbench.run('ZeyOS: Import from the ZeyOS Command Line');
    await quickInput.waitFor('Import from the ZeyOS Command Line');
    await quickInput.rows.nth(2).waitFor();
    const boxes = await quickInput.widget.locator('.monaco-list-row .monaco-checkbox').all();
    const ticked = await Promise.all(boxes.map((box) => box.getAttribute('aria-checked')));
    assert.deepEqual(ticked, ['true', 'true', 'false']);
    await quickInput.widget.getByText(/from the folder file .*\.zeyos\/auth\.json/).waitFor();
    await inBothThemes('import-connections');
    await quickInput.accept();
    await quickInput.waitFor('Take Over Client Secrets Too?');
    await quickInput.accept();
  });

  it('sees in the modal the instances to add and that other users can read the file, and adds the instances', async () => {
    const text = await window.workbench.dialogText();
    for (const part of [
      'Add 2 ZeyOS instances from the command line?',
      `${editor.sandbox.url('acme')}, client ID cli`,
      editor.sandbox.url('shop'),
      'Other users of this machine can read ~/.config/zeyos/profiles.json',
    ])
      assert.ok(text.includes(part), text);
    assert.equal(text.includes('secret of the command line') || text.includes('foreign'), false);
    await inBothThemes('import-modal');
    await window.workbench.dialogClick('Add');
    await notification(window, '2 ZeyOS instances have been added.');
    const entries = await window.bridge.evaluate(
      `return vscode.workspace.getConfiguration('zeyos').get('instances').map(({ url, signIn, ...others }) => others)`,
    );
    // An instance that is called as its URL says has no name of its own in the setting.
    assert.deepEqual(entries, [{ name: 'Live', production: true }, { clientId: 'cli' }, {}]);
  });
});
