import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { maxPower } from '../support/sandbox/fixtures';
import { Editor, oneAfterTheOther, status, until, type Window } from './editor';
import { closeEditors, configure, execute, fillIn } from './steps';

const WALKTHROUGH = 'zeyos.zeyos-auth#zeyos.welcome';
const STEPS = ['Add an instance', 'Sign in', 'See the token', 'Use it'];

const page = ({ workbench }: Window): Locator => workbench.page.locator('.gettingStartedContainer');
const step = (window: Window, title: string): Locator =>
  page(window).locator('.getting-started-step', { has: window.workbench.page.getByText(title, { exact: true }) });

/** A narrower window would leave the pictures out. */
async function openWide(editor: Editor): Promise<Window> {
  const window = await editor.open();
  await window.workbench.page.setViewportSize({ width: 1480, height: 860 });
  return window;
}

async function openWalkthrough(window: Window): Promise<void> {
  await execute(window, 'workbench.action.openWalkthrough', WALKTHROUGH);
  await step(window, 'Use it').waitFor();
}

/** The address of a picture; its part after the theme's name is for the device's resolution. */
async function sourceOf(picture: Locator): Promise<string> {
  return decodeURIComponent((await picture.getAttribute('srcset')) ?? (await picture.getAttribute('src')) ?? '');
}

/** The titles of the steps that are marked as complete. */
async function completed(window: Window): Promise<readonly string[]> {
  const marked = await Promise.all(
    STEPS.map(async (title) =>
      (await step(window, title).getAttribute('aria-checked')) === 'true' ? title : undefined,
    ),
  );
  return marked.filter((title) => title !== undefined);
}

async function completes(window: Window, ...titles: readonly string[]): Promise<void> {
  await until(`${titles.join()} to be complete`, async () => (await completed(window)).join() === titles.join());
}

/** Expands a step, and waits for the picture that belongs to it. */
async function look(window: Window, title: string): Promise<Locator> {
  if (!(await step(window, title).getAttribute('class'))?.includes('expanded')) await step(window, title).click();
  const picture = page(window).locator('.getting-started-media img');
  await until(`the picture of ${title}`, async () => (await picture.count()) === 1 && (await picture.isVisible()));
  return picture;
}

describe('The walkthrough, for a person without an instance,', () => {
  let editor: Editor;
  let window: Window;

  before(async () => {
    editor = await Editor.start();
    window = await openWide(editor);
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => window);

  it('is not opened by the extension', async () => {
    await status(window, /ZeyOS/);
    assert.equal(await page(window).count(), 0);
  });

  it('shows four steps, none of them complete, and for each a picture with an alternative text and one button', async () => {
    await openWalkthrough(window);
    const buttons = ['Add Instance', 'Sign In', 'Introspect Token', 'Open Terminal'];
    for (const [index, title] of STEPS.entries()) {
      const picture = await look(window, title);
      const name = ['add-instance', 'sign-in', 'see-token', 'use-token'][index] ?? '';
      await until(`the dark picture ${name}`, async () => (await sourceOf(picture)).includes(`${name}-dark.webp`));
      assert.ok(((await picture.getAttribute('alt')) ?? '').length > 30);
      assert.ok(((await picture.boundingBox())?.width ?? 0) > 200, 'the picture is not loaded');
      assert.deepEqual(await step(window, title).getByRole('button').filter({ hasText: /\S/ }).allInnerTexts(), [
        buttons[index],
      ]);
      await window.shot(`walkthrough-${name}`);
    }
    assert.deepEqual(await completed(window), []);
  });

  it('completes each step when the person has done what the step describes', async () => {
    const { workbench } = window;
    await look(window, 'Add an instance');
    await step(window, 'Add an instance').getByRole('button', { name: 'Add Instance' }).click();
    await workbench.quickInput.answer('Add a ZeyOS Instance', editor.sandbox.url('demo'));
    await workbench.dialogClick('Add');
    await status(window, /Sign in to demo/);
    await completes(window, 'Add an instance');
    await configure(window, 'zeyos.instances', [{ url: editor.sandbox.url('demo') }]);
    await look(window, 'Sign in');
    await step(window, 'Sign in').getByRole('button', { name: 'Sign In' }).click();
    await workbench.quickInput.pick('Sign in to ZeyOS', 'demo');
    await fillIn(window, 'demo', maxPower.name, maxPower.password);
    await status(window, /demo: max\.power/);
    await completes(window, 'Add an instance', 'Sign in');
    await look(window, 'See the token');
    await step(window, 'See the token').getByRole('button', { name: 'Introspect Token' }).click();
    await until('the introspection', async () =>
      /accepts this token/.test(await workbench.renderedText().catch(() => '')),
    );
    await closeEditors(window);
    await openWalkthrough(window);
    await completes(window, 'Add an instance', 'Sign in', 'See the token');
    await look(window, 'Use it');
    await step(window, 'Use it').getByRole('button', { name: 'Open Terminal' }).click();
    await workbench.dialogClick('Open Terminal');
    await completes(window, ...STEPS);
    await window.shot('walkthrough-complete');
  });
});

describe('The walkthrough, for a person who is signed in already,', () => {
  let editor: Editor;
  let window: Window;

  before(async () => {
    editor = await Editor.start({
      settings: (sandbox) => ({
        'zeyos.instances': [{ url: sandbox.url('demo') }],
        'window.autoDetectColorScheme': false,
      }),
    });
    window = await openWide(editor);
  });
  after(async () => editor.stop());
  oneAfterTheOther(() => window);

  it('shows the first two steps as complete', async () => {
    const result = execute(window, 'zeyos.signIn', { instance: 'demo' });
    await fillIn(window, 'demo', maxPower.name, maxPower.password);
    await result;
    await openWalkthrough(window);
    await completes(window, 'Add an instance', 'Sign in');
  });

  for (const [theme, kind] of [
    ['Default Light Modern', 'light'],
    ['Default High Contrast', 'hc'],
    ['Default High Contrast Light', 'hcLight'],
  ] as const) {
    it(`shows the picture that fits the theme ${theme}`, async () => {
      await configure(window, 'workbench.colorTheme', theme);
      const picture = await look(window, 'See the token');
      await until(`the picture for ${kind}`, async () => (await sourceOf(picture)).includes(`see-token-${kind}.webp`));
      await window.shot(`walkthrough-${kind}`);
    });
  }
});
