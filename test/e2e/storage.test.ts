import assert from 'node:assert/strict';
import { maxPower } from '../support/sandbox/fixtures';
import { secretKey } from '../support/host/sharedSecrets';
import { Editor, oneAfterTheOther, STATUS, status, until, type Window } from './editor';
import { keptInBrowser } from './keptInBrowser';
import { accountsAre, answerPassword, clearNotifications, fillIn } from './steps';

const INDEX = secretKey('zeyos.zeyos-auth', 'zeyos.accounts');

// Only a store that can be looked into can lose something: it takes the place of the served editor's own.
describe('a person whose editor loses secrets', () => {
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
    // The editor writes it a little later, and not when it is reloaded.
    await until(
      'what is remembered of the accounts',
      async () => /zeyos\.accounts.+signedIn\W+true/s.test(await keptInBrowser(window)),
      30_000,
    );
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => window);

  const records = (): readonly string[] => [...editor.secrets.keys()].filter((key) => key.includes('zeyos.account.'));

  it('is told what is lost when the editor has deleted all of them, and signs in again by one click', async () => {
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
    assert.match(await (await workbench.statusTooltip(STATUS)).innerText(), /credentials lost/);
    await workbench.page.mouse.move(640, 300);
    await workbench.toastClick('no longer in the secret storage', 'Sign In Again');
    await answerPassword(window, 'demo', maxPower.name, maxPower.password);
    await status(window, /demo: max\.power/);
    await accountsAre(window, `max.power (${host}/demo)`);
    await clearNotifications(window);
  });

  it('loses nothing when it is only the list of accounts that is gone', async () => {
    editor.secrets.delete(INDEX);
    window = await editor.reload(window);
    await status(window, /demo: max\.power/);
    await accountsAre(window, `max.power (${host}/demo)`);
  });

  it('is told when a newer version of the extension keeps them, which stays as it is', async () => {
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
