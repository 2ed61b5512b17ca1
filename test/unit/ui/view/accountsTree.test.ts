import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { accountsModel, type AccountsItem } from '../../../../src/ui/view/accountsModel';
import { AccountsTree, type AccountsElement } from '../../../../src/ui/view/accountsTree';
import { accountsInput, HOUR_MS, instance, signedIn } from '../../../support/accountsInput';

const [demo, acme] = [instance('demo'), instance('acme')];

/** What the editor has read of a tree. It reads an element again, with its children, only if it is told to. */
class Reader {
  readonly #read = new Map<
    AccountsElement,
    { readonly item: AccountsItem; readonly children: readonly AccountsElement[] }
  >();
  #roots: readonly AccountsElement[] = [];

  take(tree: AccountsTree, changed: readonly AccountsElement[] | undefined): void {
    if (!changed) this.#roots = tree.roots;
    for (const element of changed ?? tree.roots) this.#readAgain(element);
  }

  get shown(): unknown {
    const show = (element: AccountsElement): unknown => {
      const { item, children } = this.#read.get(element) ?? assert.fail('an element that was never read');
      return { ...item, children: children.map(show) };
    };
    return this.#roots.map(show);
  }

  #readAgain(element: AccountsElement): void {
    this.#read.set(element, { item: element.item, children: element.children });
    for (const child of element.children) this.#readAgain(child);
  }
}

describe('A change of the Accounts view', () => {
  const tree = (...input: Parameters<typeof accountsInput>): AccountsTree => {
    const made = new AccountsTree();
    made.update(accountsModel(accountsInput(...input), 'en'));
    return made;
  };
  const update = (of: AccountsTree, ...input: Parameters<typeof accountsInput>) =>
    of.update(accountsModel(accountsInput(...input), 'en')).changed?.map(({ id }) => id);
  const max = signedIn('max', demo);
  const olga = signedIn('olga', acme);

  it('of nothing makes the editor read nothing', () =>
    assert.deepEqual(update(tree([demo, acme], [max, olga]), [demo, acme], [max, olga]), []));

  it('of one account makes the editor read that account alone', () =>
    assert.deepEqual(update(tree([demo, acme], [max, olga]), [demo, acme], [max, signedIn('olga', acme, -1)]), [
      olga.id,
    ]));

  it('of the accounts of one instance makes the editor read that instance', () =>
    assert.deepEqual(update(tree([demo, acme], [max, olga]), [demo, acme], [max]), [acme.platform.href]));

  it('of the instances makes the editor read everything', () => {
    assert.equal(update(tree([demo, acme], [max]), [demo], [max]), undefined);
    assert.equal(update(tree([demo, acme], [max]), [acme, demo], [max]), undefined);
  });

  it('keeps the elements, so that the editor keeps the focus and what is expanded', () => {
    const made = tree([demo, acme], [max, olga]);
    const before = made.roots.flatMap((root) => [root, ...root.children]);
    update(made, [demo, acme], [max, olga], { now: HOUR_MS, isReachable: () => false });
    const after = made.roots.flatMap((root) => [root, ...root.children]);
    assert.ok(before.length === 4 && before.every((element, index) => element === after[index]));
  });

  it('that adds the first account of an instance expands the instance', () => {
    const made = tree([demo, acme], [max]);
    const filled = (...input: Parameters<typeof accountsInput>) =>
      made.update(accountsModel(accountsInput(...input), 'en')).filled.map(({ id }) => id);
    assert.deepEqual(filled([demo, acme], [max, olga]), [acme.platform.href]);
    assert.deepEqual(filled([demo, acme], [max, signedIn('anna', demo), olga]), []);
    assert.deepEqual(filled([demo], [max]), []);
    assert.deepEqual(filled([demo, acme], [max, olga]), []);
  });

  it('keeps the instance of an account as its parent', () => {
    const made = tree([demo, acme], [max, olga]);
    const [, root] = made.roots;
    assert.equal(made.parentOf(root?.children[0] ?? assert.fail()), root);
    assert.equal(made.parentOf(root ?? assert.fail()), undefined);
  });

  it('leads to the same view as a read of everything, for any sequence of changes', () => {
    const instances = [demo, acme, instance('other')];
    const state = fc
      .record({
        shownInstances: fc.shuffledSubarray(instances, { minLength: 0 }),
        accounts: fc.uniqueArray(
          fc.record({
            name: fc.constantFrom('anna', 'max', 'olga'),
            on: fc.constantFrom(...instances),
            lastsMs: fc.constantFrom(-1, HOUR_MS / 4, 5 * HOUR_MS, 50 * HOUR_MS),
          }),
          { selector: ({ name, on }) => `${name} ${on.name}` },
        ),
        isReachable: fc.boolean(),
      })
      .map(({ shownInstances, accounts, isReachable }) =>
        accountsInput(
          shownInstances,
          accounts.map(({ name, on, lastsMs }) => signedIn(name, on, lastsMs)),
          { isReachable: () => isReachable },
        ),
      );
    fc.assert(
      fc.property(fc.array(state, { minLength: 1, maxLength: 6 }), (states) => {
        const made = new AccountsTree();
        const reader = new Reader();
        for (const input of states) {
          const model = accountsModel(input, 'en');
          reader.take(made, made.update(model).changed);
          assert.deepEqual(reader.shown, model);
        }
      }),
      { numRuns: 60 },
    );
  });
});
