import assert from 'node:assert/strict';
import { maxPower } from '../support/sandbox/fixtures';
import { secretKey } from '../support/host/sharedSecrets';
import { Editor, oneAfterTheOther, STATUS, status, until, type Window } from './editor';
import { browserStorage } from './browserStorage';
import { accountsAre, answerPassword, clearNotifications, fillIn } from './steps';

const INDEX = secretKey('zeyos.zeyos-auth', 'zeyos.accounts');

// The served editor’s secret storage is replaced by one from which a test can delete secrets.
describe('A user whose editor loses secrets', () => {
  let editor: Editor;
  let window: Window;
  let host: string;

  before(async () => {
    editor = await Editor.start({
      sharesSecrets: true,
      settings: (sandbox) => ({ 'zeyos.instances': [{ url: sandbox.url('demo') }] }),
    });
    window = await editor.open();
    host = new URL(editor.sandbox.origin).host;
    await status(window, /Sign in to demo/);
    await window.workbench.statusClick(STATUS);
    await fillIn(window, 'demo', maxPower.name, maxPower.password);
    await status(window, /demo: max\.power/);
    await until('the record', () => records().length === 1);
    // The editor writes it with a delay, and not when the window is reloaded.
    await until(
      'what is remembered of the accounts',
      async () => /zeyos\.accounts.+signedIn\W+true/s.test(await browserStorage(window)),
      30_000,
    );
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => window);

  const records = (): readonly string[] => [...editor.secrets.keys()].filter((key) => key.includes('zeyos.account.'));

  it('sees which accounts are lost after all secrets were deleted, and signs in again with one click', async () => {
    editor.secrets.clear();
    window = await editor.reload(window);
    const { workbench } = window;
    await status(window, /demo: sign in again/);
    await workbench
      .toast(
        /The credentials for max\.power \(.+\/demo\) are no longer in the secret storage, although you did not sign out/,
      )
      .waitFor();
    await window.shot('credentials-lost');
    assert.match(await (await workbench.statusTooltip(STATUS)).innerText(), /credentials\slost/);
    await workbench.page.mouse.move(640, 300);
    await workbench.toastClick('no longer in the secret storage', 'Sign In Again');
    await answerPassword(window, 'demo', maxPower.name, maxPower.password);
    await status(window, /demo: max\.power/);
    await accountsAre(window, `max.power (${host}/demo)`);
    await clearNotifications(window);
  });

  it('loses no session after only the index of accounts was deleted', async () => {
    editor.secrets.delete(INDEX);
    window = await editor.reload(window);
    await status(window, /demo: max\.power/);
    await accountsAre(window, `max.power (${host}/demo)`);
  });

  it('sees that a newer version of the extension has written the secret, which is not overwritten', async () => {
    const [record = assert.fail('there is no record')] = records();
    const newer = JSON.stringify({ version: 99 });
    editor.secrets.set(record, newer);
    window = await editor.reload(window);
    await status(window, /demo: sign in again/);
    await window.workbench
      .toast(/The credentials for max\.power .+ were saved by a newer version of this extension/)
      .waitFor();
    await window.shot('credentials-newer');
    assert.equal(editor.secrets.get(record), newer);
    editor.secrets.set(INDEX, newer);
    window = await editor.reload(window);
    await window.workbench.toast(/The ZeyOS sessions were saved by a newer version of this extension/).waitFor();
    await window.shot('sessions-unreadable');
    assert.deepEqual([editor.secrets.get(record), editor.secrets.get(INDEX)], [newer, newer]);
  });
});
