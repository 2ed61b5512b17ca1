import { maxPower } from '../support/sandbox/fixtures';
import { startCompany, type Company } from './company';
import { oneAfterTheOther, STATUS, status, type Window } from './editor';
import { Photographer } from './photographer';
import { allow, chooseMethod, clearNotifications, execute, passwordPrompt } from './steps';

const HOST = 'cloud.zeyos.com';

/** The story that the walkthrough, the README and its animation tell. The sandbox stands in for the host. */
describe('The pictures of the documentation show what a person sees who', () => {
  let here: Company;
  let window: Window;
  let photographer: Photographer;

  before(async () => {
    here = await startCompany({
      isTrusted: true,
      host: HOST,
      deviceScaleFactor: 1.5,
      settings: {
        'zeyos.instances': [],
        'window.autoDetectColorScheme': false,
        'workbench.colorTheme': 'Default Dark Modern',
        'workbench.activityBar.location': 'hidden',
      },
    });
    window = await here.editor.open();
    await window.workbench.page.setViewportSize({ width: 900, height: 380 });
    await execute(window, 'workbench.action.closeSidebar');
    photographer = new Photographer(window);
  });
  after(() => here.stop());
  oneAfterTheOther(() => window);

  it('adds an instance', async () => {
    const { workbench } = window;
    await status(window, /ZeyOS/);
    await photographer.frame(workbench.statusItem(STATUS));
    await workbench.statusClick(STATUS);
    await workbench.quickInput.waitFor('Add a ZeyOS Instance');
    await workbench.quickInput.box.fill('demo');
    await photographer.frame(workbench.quickInput.widget);
    await photographer.picture('add-instance', [workbench.quickInput.widget]);
    await workbench.quickInput.accept();
    await workbench.dialog.filter({ hasText: `https://${HOST}/demo` }).waitFor();
    await photographer.frame(workbench.dialog);
    await workbench.dialogClick('Add');
    await status(window, /Sign in to demo/);
    await workbench.toast('The instance demo has been added').waitFor();
    await clearNotifications(window);
  });

  it('signs in with user name and password', async () => {
    const { workbench } = window;
    await workbench.statusClick(STATUS);
    await workbench.quickInput.waitFor('Sign in to demo');
    await photographer.frame(workbench.quickInput.widget);
    await chooseMethod(window, 'demo', 'User Name and Password');
    await workbench.quickInput.widget.getByText('User name on').waitFor();
    await workbench.quickInput.answer('Sign in to demo', maxPower.name);
    await workbench.quickInput.widget.getByText(passwordPrompt(maxPower.name)).waitFor();
    await workbench.quickInput.box.fill(maxPower.password);
    await photographer.frame(workbench.quickInput.widget);
    await photographer.picture('sign-in', [workbench.quickInput.widget]);
    await workbench.quickInput.accept();
    await status(window, /demo: max\.power/);
    await clearNotifications(window);
  });

  it('sees the token in the status bar', async () => {
    const { workbench } = window;
    const hover = (): Promise<unknown> => workbench.statusTooltip(STATUS);
    await hover();
    await photographer.frame(workbench.statusItem(STATUS), workbench.hover);
    await photographer.picture('see-token', [workbench.statusItem(STATUS), workbench.hover], hover);
    await workbench.page.mouse.move(300, 200);
  });

  it('lets another extension use the session', async () => {
    const { workbench } = window;
    await workbench.run('ZeyOS Consumer: Who Am I');
    await workbench.dialog.filter({ hasText: 'wants to sign in using ZeyOS' }).waitFor();
    await photographer.frame(workbench.dialog);
    await photographer.picture('use-token', [workbench.dialog]);
    const told = workbench.toast(/Signed in to .*demo as max\.power/);
    await allow(window, maxPower.name, told);
    await photographer.frame(told);
    await photographer.animation('sign-in', { durationMs: 2200, loops: 3 });
  });
});
