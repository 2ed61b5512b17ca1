import assert from 'node:assert/strict';
import { savedPassword } from '../../../../src/session/model/grant';
import type { StoredAccount } from '../../../../src/session/model/session';
import type { AccountsInput } from '../../../../src/ui/status/accountsInput';
import { accountsModel, type AccountsItem } from '../../../../src/ui/view/accountsModel';
import { accountsInput, HOUR_MS, instance, signedIn } from '../../../support/accountsInput';
import { accessToken, pending, session, storedAccount } from '../../../support/builders';

const demo = instance('demo', 'Demo');
const acme = instance('acme', 'Acme');

function model(...input: Parameters<typeof accountsInput>): readonly AccountsItem[] {
  return accountsModel(accountsInput(...input), 'en');
}

/** The commands beside the name of an item, and all of them. */
function actions({ context }: AccountsItem): { readonly inline: readonly string[]; readonly all: readonly string[] } {
  const [, ...words] = context.split(' ');
  return {
    inline: words.filter((word) => word.startsWith('inline-')).map((word) => word.slice('inline-'.length)),
    all: words.filter((word) => !word.startsWith('inline-')),
  };
}

describe('The Accounts view', () => {
  it('is empty while no instance is configured, so that its welcome content shows', () =>
    assert.deepEqual(model([], []), []));

  it('has the instances in the order of the setting, each with its accounts', () => {
    const items = model([demo, acme], [signedIn('anna', acme), signedIn('max', demo), signedIn('olga', acme)]);
    assert.deepEqual(
      items.map(({ label, children }) => [label, children.map((child) => child.label)]),
      [
        ['Demo', ['max']],
        ['Acme', ['anna', 'olga']],
      ],
    );
  });

  it('has a removed instance with sessions after the configured ones, and says that it is not configured', () => {
    const [, removed = assert.fail()] = model([demo], [signedIn('olga', acme)]);
    assert.deepEqual(
      [removed.label, removed.description, removed.icon, removed.children.map(({ label }) => label)],
      ['acme', 'no longer configured · cloud.zeyos.com/acme', 'debug-disconnect', ['olga']],
    );
    assert.deepEqual(actions(removed), { inline: ['addInstanceAgain'], all: ['addInstanceAgain', 'copyUrl'] });
  });

  it('has no account that is signed out, unless a token of it is still to be revoked', () => {
    const signedOut = storedAccount({ userName: 'anna', platform: demo.platform });
    const waiting = {
      ...storedAccount({ userName: 'olga', platform: demo.platform }),
      pendingRevocations: [pending('t')],
    };
    const [{ children = [] } = {}] = model([demo], [signedOut, waiting]);
    assert.deepEqual(
      children.map(({ label, description }) => [label, description]),
      [['olga', 'signed out · pending revocations: 1']],
    );
  });

  it('marks the active instance and the active account in words, if there are several', () => {
    const [first = assert.fail(), second = assert.fail()] = model(
      [demo, acme],
      [signedIn('max', demo), signedIn('olga', acme)],
    );
    assert.equal(first.description, 'active · cloud.zeyos.com/demo');
    assert.equal(first.children[0]?.description, 'active · 5 h 0 min left');
    assert.equal(second.description, 'cloud.zeyos.com/acme');
    assert.equal(second.children[0]?.description, '5 h 0 min left');
    const [only = assert.fail()] = model([demo], [signedIn('max', demo)]);
    assert.equal(only.description, 'cloud.zeyos.com/demo');
    assert.equal(only.children[0]?.description, '5 h 0 min left');
  });

  it('distinguishes instances of one name by their hosts', () => {
    const twins = [instance('https://cloud.zeyos.com/demo'), instance('https://zeyos.intra:8443/demo')];
    assert.deepEqual(
      model(twins, []).map(({ label }) => label),
      ['demo (cloud.zeyos.com)', 'demo (zeyos.intra:8443)'],
    );
  });

  it('shortens long names so that the state fits beside them, and shows them whole in the tooltip and to a screen reader', () => {
    const [first, second] = ['17', '71'].map((number) =>
      instance(`https://a-very-long-host-name-of-the-company-number-${number}.zeyos.example/demo`),
    );
    const user = 'maximilian.alexander.power.of.the.department.of.long.names.1';
    const [item = assert.fail(), twin] = model(
      [first ?? assert.fail(), second ?? assert.fail()],
      [signedIn(user, first ?? demo)],
    );
    assert.deepEqual(
      [item.label, twin?.label, item.children[0]?.label],
      ['demo (a-very-…er-17.ze…example)', 'demo (a-very-…er-71.ze…example)', 'maximilian…g.names.1'],
    );
    assert.equal(item.children[0]?.account, user);
    for (const text of [item.tooltip, item.accessibleLabel])
      assert.ok(text.includes(first?.platform.host ?? '?'), text);
    for (const text of [item.children[0]?.tooltip, item.children[0]?.accessibleLabel])
      assert.ok(text?.includes(user), text);
  });

  it('says that an instance is signed out, and offers to sign in beside its name', () => {
    const [item = assert.fail()] = model([demo], []);
    assert.equal(item.description, 'signed out · cloud.zeyos.com/demo');
    assert.deepEqual(actions(item).inline, ['signIn']);
  });

  it('says that an instance cannot be reached, by its icon too, and offers to diagnose beside its name', () => {
    const [item = assert.fail()] = model([demo], [signedIn('max', demo)], { isReachable: () => false });
    assert.deepEqual([item.description, item.icon], ['cannot be reached · cloud.zeyos.com/demo', 'cloud-offline']);
    assert.deepEqual(actions(item).inline, ['diagnose']);
  });

  it('offers all actions of an instance in its menu', () => {
    const [item = assert.fail()] = model([demo], [signedIn('max', demo)], { usesLegacyLogin: () => true });
    assert.deepEqual(actions(item), {
      inline: ['signInWithAnotherAccount'],
      all: [
        'signInWithAnotherAccount',
        'openInstance',
        'copyRequest',
        'diagnose',
        'setApplicationSecret',
        'copyUrl',
        'editInSettings',
        'removeInstance',
      ],
    });
  });

  describe('shows an account', () => {
    const ended = (lost: boolean): StoredAccount =>
      storedAccount({
        userName: 'max',
        platform: demo.platform,
        ...(lost ? { lost } : { session: session(undefined) }),
      });
    const renewable = storedAccount({
      userName: 'max',
      platform: demo.platform,
      session: { ...session(accessToken('t', { expiresAt: HOUR_MS })), grant: { kind: 'refreshToken', value: 'r' } },
    });
    const waiting = {
      ...storedAccount({ userName: 'max', platform: demo.platform }),
      pendingRevocations: [pending('t')],
    };
    const table: readonly (readonly [
      state: string,
      account: StoredAccount,
      shown: readonly [icon: string, tone: string | undefined, description: string],
      inline: readonly string[],
      more?: Partial<AccountsInput>,
    ])[] = [
      ['that is good', signedIn('max', demo), ['pass', undefined, '5 h 0 min left'], ['introspectToken']],
      ['that renews by itself', renewable, ['pass', undefined, 'signed in, renews automatically'], ['introspectToken']],
      [
        'that is not the active one',
        signedIn('max', demo),
        ['pass', undefined, '5 h 0 min left'],
        ['makeActive', 'introspectToken'],
        { account: undefined },
      ],
      [
        'that expires soon',
        signedIn('max', demo, HOUR_MS / 4),
        ['clock', 'warning', '15 min left'],
        ['renewToken', 'introspectToken'],
      ],
      [
        'that has expired',
        signedIn('max', demo, -1),
        ['error', 'error', 'expired'],
        ['signInAgain', 'introspectToken'],
      ],
      ['that was revoked', ended(false), ['error', 'error', 'revoked'], ['signInAgain']],
      ['whose credentials are lost', ended(true), ['error', 'error', 'credentials lost'], ['signInAgain']],
      [
        'whose server cannot be reached',
        signedIn('max', demo),
        ['cloud-offline', undefined, '5 h 0 min left · cannot be reached'],
        ['diagnose', 'introspectToken'],
        { isReachable: () => false },
      ],
      [
        'that needs the client secret',
        signedIn('max', demo),
        ['warning', 'warning', '5 h 0 min left · client secret needed'],
        ['enterClientSecret', 'introspectToken'],
        { needsSecret: () => true },
      ],
      [
        'that is not saved',
        { ...signedIn('max', demo), unsaved: 'late' },
        ['warning', 'warning', '5 h 0 min left · not saved yet: lost if this window closes'],
        ['introspectToken'],
      ],
      [
        'with a revocation that needs the client secret',
        waiting,
        ['circle-slash', undefined, 'signed out · pending revocations: 1, client secret for vscode needed'],
        ['enterRevocationSecret'],
        { revocationNeeds: () => 'vscode' },
      ],
    ];
    for (const [state, account, shown, inline, more] of table)
      it(`${state} with its state in words and in the shape of the icon, and with its most needed action`, () => {
        const [{ children: [item = assert.fail()] = [] } = {}] = model([demo], [account], more);
        assert.deepEqual([item.icon, item.tone, item.description], shown);
        assert.deepEqual(actions(item).inline, inline);
        assert.ok(actions(item).inline.length <= 2);
        for (const each of inline) assert.ok(actions(item).all.includes(each), `${each} is in the menu too`);
        // A screen reader says the same as is to be read, and that the account is signed in, which only the icon says.
        const spoken = item.description.replaceAll(' · ', ', ').replace(/(?=\b\d.* left)/, 'signed in, ');
        assert.equal(item.accessibleLabel, `Account max on Demo, ${spoken}`);
      });
  });

  it('shows the end of a session with date and time in the tooltip', () => {
    const [{ children: [item = assert.fail()] = [] } = {}] = model([demo], [signedIn('max', demo, 50 * HOUR_MS)]);
    assert.match(
      item.tooltip,
      /^max \(cloud\.zeyos\.com\/demo\)\nsigned in until Sat,? .*\nExpires: Jan 3, 1970, \d+:\d\d\s[AP]M$/,
    );
  });

  it('gives a screen reader the state of an instance in words', () => {
    const [item = assert.fail()] = model([demo, acme], [], { isReachable: () => false });
    assert.equal(item.accessibleLabel, 'Instance Demo, active, cannot be reached, signed out, cloud.zeyos.com/demo');
  });

  it('gives every command of an item its argument, the platform URL and the user name', () => {
    const [item = assert.fail()] = model([demo], [signedIn('max', demo)]);
    assert.deepEqual(
      [item.instance, item.account, item.children[0]?.instance, item.children[0]?.account],
      [demo.platform.href, undefined, demo.platform.href, 'max'],
    );
  });

  it('contains no token in any item', () => {
    const secret = 'a'.repeat(40);
    const stored = storedAccount({ session: { ...session(accessToken(secret)), grant: savedPassword(secret) } });
    assert.equal(JSON.stringify(model([instance('demo')], [stored])).includes(secret), false);
  });
});
