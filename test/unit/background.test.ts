import assert from 'node:assert/strict';
import { savedPassword, savedPasswordOf } from '../../src/session/model/grant';
import { setImmediate as turn } from 'node:timers/promises';
import { createBackground, type Background } from '../../src/background';
import { createServices, type Services, type Settings } from '../../src/services';
import { Clock } from '../support/clock';
import { Leases } from '../support/scene';
import { MemoryLog } from '../support/memoryLog';
import { MemorySecrets, UnluckySecrets } from '../support/memorySecrets';
import { maxPower } from '../support/sandbox/fixtures';
import { Sandbox } from '../support/sandbox/sandbox';
import { memorySeams } from '../support/seams';
import { withEventsOf } from '../support/window';
import { PlatformUrl } from '../../src/zeyos/address/platform';

describe('Background work', () => {
  let clock: Clock;
  let sandbox: Sandbox;
  let secrets: MemorySecrets;
  let leases: Leases;
  let mayKeepPassword: boolean;
  let checkIntervalMs: number;
  const open: (Services | Background)[] = [];

  beforeEach(async () => {
    clock = new Clock();
    sandbox = await Sandbox.start({ now: clock.now });
    secrets = new MemorySecrets();
    leases = new Leases();
    mayKeepPassword = true;
    checkIntervalMs = 0;
  });

  afterEach(async () => {
    open.splice(0).forEach((each) => each.dispose());
    await sandbox.stop();
  });

  /** Opens a window in which the instance `demo` is configured. */
  function openWindow(through: MemorySecrets | UnluckySecrets = secrets): Services {
    const instances: Settings['instances'] = {
      read: () => [{ url: sandbox.url('demo') }],
      write: () => Promise.resolve(),
      onDidChange: () => ({ dispose: () => undefined }),
    };
    const services = createServices(
      memorySeams({
        clock,
        log: new MemoryLog(),
        secrets: withEventsOf(secrets, through),
        lease: (name) => leases.get(name),
        settings: { instances, staySignedIn: () => mayKeepPassword, checkIntervalMs: () => checkIntervalMs },
        httpBounds: { backOffMs: [] },
      }),
    );
    open.push(services);
    return services;
  }

  function runIn(services: Services): Background {
    const background = createBackground(services);
    open.push(background);
    return background;
  }

  /** Signs in with a saved password in a window that is closed afterwards. */
  async function signInEarlier(): Promise<string> {
    const services = openWindow();
    const platform = PlatformUrl.parse(sandbox.url('demo'));
    const { value } = await services.passwordRequests.request(platform, {
      username: maxPower.name,
      password: maxPower.password,
    });
    const identity = { userName: maxPower.name };
    const { id } = await services.store.signIn(platform, identity, value, savedPassword(maxPower.password));
    services.dispose();
    sandbox.clearRequests();
    return id;
  }

  async function eventually(isSo: () => boolean): Promise<void> {
    for (let turns = 0; turns < 20_000 && !isSo(); turns++) await turn();
    assert.ok(isSo());
  }

  const token = ({ store }: Services, id: string): string | undefined => store.find(id)?.session?.accessToken?.value;

  it('reads the secret storage at start, and reports this as an activity', async () => {
    const id = await signInEarlier();
    const services = openWindow();
    const started = runIn(services).start();
    assert.equal(services.activity.current, 'Reading ZeyOS sessions…');
    await started;
    assert.ok(token(services, id));
    assert.equal(services.activity.current, undefined);
  });

  it('renews the active account at start if its token has expired', async () => {
    const id = await signInEarlier();
    clock.advance(24 * 3_600_000);
    const services = openWindow();
    await runIn(services).start();
    const before = token(services, id);
    await eventually(() => token(services, id) !== before);
  });

  it('introspects the active account at start if the interval is not 0', async () => {
    await signInEarlier();
    checkIntervalMs = 900_000;
    await runIn(openWindow()).start();
    await eventually(() => sandbox.requests.some(({ path }) => path.endsWith('/introspect')));
  });

  it('revokes pending tokens at start', async () => {
    const id = await signInEarlier();
    const earlier = openWindow();
    await earlier.store.signOut(id);
    earlier.dispose();
    await runIn(openWindow()).start();
    await eventually(() => sandbox.tokens().every(({ active }) => !active));
  });

  it('deletes saved passwords at start if staySignedIn is off', async () => {
    const id = await signInEarlier();
    mayKeepPassword = false;
    const services = openWindow();
    await runIn(services).start();
    await eventually(() => savedPasswordOf(services.store.find(id)?.session)?.password === undefined);
    assert.ok(token(services, id), 'the access token must stay');
    assert.ok(!secrets.text.includes(maxPower.password));
  });

  it('deletes saved passwords when staySignedIn is turned off', async () => {
    const id = await signInEarlier();
    const services = openWindow();
    const background = runIn(services);
    await background.start();
    assert.equal(savedPasswordOf(services.store.find(id)?.session)?.password, maxPower.password);
    mayKeepPassword = false;
    background.onDidChangeStaySignedIn();
    await eventually(() => savedPasswordOf(services.store.find(id)?.session)?.password === undefined);
  });

  it('rejects with the reason and sends nothing if the secret storage cannot be read', async () => {
    await signInEarlier();
    const unlucky = new UnluckySecrets(secrets);
    unlucky.failAt(1);
    await assert.rejects(runIn(openWindow(unlucky)).start(), { message: 'the keyring is locked' });
    assert.equal(sandbox.requests.length, 0);
  });

  it('reads what another window stored when the window gets the focus, without a storage event', async () => {
    const services = openWindow();
    const background = runIn(services);
    await background.start();
    services.dispose();
    const id = await signInEarlier();
    assert.equal(services.store.find(id), undefined);
    background.onFocus();
    await eventually(() => token(services, id) !== undefined);
  });

  it('renews the waiting session as soon as its instance answers again', async () => {
    const id = await signInEarlier();
    const services = openWindow();
    const background = runIn(services);
    await background.start();
    clock.advance(24 * 3_600_000);
    const before = token(services, id);
    const lift = sandbox.fault('/', { kind: 'status', status: 503 });
    background.onFocus();
    await eventually(() => services.reachability.unreachable.length === 1);
    lift();
    background.onFocus();
    await eventually(() => token(services, id) !== before);
  });

  it('introspects the active account when the interval of the periodic check is changed', async () => {
    await signInEarlier();
    const background = runIn(openWindow());
    await background.start();
    checkIntervalMs = 60_000;
    background.onDidChangeCheckInterval();
    await eventually(() => sandbox.requests.some(({ path }) => path.endsWith('/introspect')));
  });
});
