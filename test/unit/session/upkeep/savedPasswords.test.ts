import assert from 'node:assert/strict';
import { KeptPasswords } from '../../../../src/session/upkeep/savedPasswords';
import { maxPower } from '../../../support/sandbox/fixtures';
import { eventually } from '../../../support/alarmTimers';
import { startScene, type Scene } from '../../../support/scene';

describe('A kept password', () => {
  let scene: Scene;
  let mayKeep: boolean;
  let passwords: KeptPasswords;

  beforeEach(async () => {
    scene = await startScene();
    mayKeep = true;
    passwords = new KeptPasswords({ store: scene.store, mayKeep: () => mayKeep, log: scene.log });
  });

  afterEach(async () => {
    passwords.dispose();
    await scene.end();
  });

  const isKept = () => scene.secrets.text.includes(maxPower.password);

  it('stays while that is wanted', async () => {
    await scene.signIn({ keepsPassword: true });
    passwords.check();
    await scene.store.refresh();
    assert.ok(isKept());
  });

  it('goes when it no longer is, and the session stays', async () => {
    const { id } = await scene.signIn({ keepsPassword: true });
    mayKeep = false;
    passwords.check();
    await eventually(() => !isKept());
    await scene.store.refresh();
    assert.ok(scene.account(id).session?.accessToken);
  });

  it('goes at once where it was kept by a sign-in that had begun before', async () => {
    mayKeep = false;
    await scene.signIn({ keepsPassword: true });
    await eventually(() => !isKept());
  });
});
