import assert from 'node:assert/strict';
import { SavedPasswords } from '../../../../src/session/upkeep/savedPasswords';
import { maxPower } from '../../../support/sandbox/fixtures';
import { eventually } from '../../../support/clock';
import { startScene, type Scene } from '../../../support/scene';

describe('A saved password', () => {
  let scene: Scene;
  let mayKeep: boolean;
  let passwords: SavedPasswords;

  beforeEach(async () => {
    scene = await startScene();
    mayKeep = true;
    passwords = new SavedPasswords({ store: scene.store, mayKeep: () => mayKeep, log: scene.log });
  });

  afterEach(async () => {
    passwords.dispose();
    await scene.end();
  });

  const isKept = () => scene.secrets.text.includes(maxPower.password);

  it('stays while the setting is on', async () => {
    await scene.signIn({ keepsPassword: true });
    passwords.check();
    await scene.store.refresh();
    assert.ok(isKept());
  });

  it('is deleted when the setting is off, and the session stays', async () => {
    const { id } = await scene.signIn({ keepsPassword: true });
    mayKeep = false;
    passwords.check();
    await eventually(() => !isKept());
    await scene.store.refresh();
    assert.ok(scene.account(id).session?.accessToken);
  });

  it('is deleted at once if a sign-in stores it after the setting was turned off', async () => {
    mayKeep = false;
    await scene.signIn({ keepsPassword: true });
    await eventually(() => !isKept());
  });
});
