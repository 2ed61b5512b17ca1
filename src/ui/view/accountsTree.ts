import type { AccountsItem } from './accountsModel';

/**
 * An element of the view. The object stays the same while its item changes, because the editor recognises an element by its object. The commands
 * of the menus get it as their argument, and read `instance` and `account`.
 */
export interface AccountsElement extends Readonly<Pick<AccountsItem, 'id' | 'instance' | 'account'>> {
  readonly item: AccountsItem;
  readonly children: readonly AccountsElement[];
}

interface Mutable {
  item: AccountsItem;
  children: readonly AccountsElement[];
}

/** The elements of the view, and what has changed between two models. */
export class AccountsTree {
  #elements = new Map<string, AccountsElement & Mutable>();
  #roots: readonly AccountsElement[] = [];

  get roots(): readonly AccountsElement[] {
    return this.#roots;
  }

  /** Takes over a model. Returns the elements that the editor has to read again; `undefined` stands for all of them. */
  update(items: readonly AccountsItem[]): readonly AccountsElement[] | undefined {
    const before = this.#elements;
    const areSameRoots = isSameList(this.#roots, items);
    this.#elements = new Map();
    const changed: AccountsElement[] = [];
    this.#roots = items.map((item) => this.#take(item, before, changed));
    return areSameRoots ? changed : undefined;
  }

  #take(
    item: AccountsItem,
    before: ReadonlyMap<string, AccountsElement & Mutable>,
    changed: AccountsElement[],
  ): AccountsElement {
    const { id, instance, account } = item;
    const known = before.get(id);
    const changedChildren: AccountsElement[] = [];
    const children = item.children.map((child) => this.#take(child, before, changedChildren));
    const element = known ?? { id, instance, ...(account !== undefined && { account }), item, children };
    const isSame = known !== undefined && isSameItem(known.item, item) && isSameList(known.children, item.children);
    element.item = item;
    element.children = children;
    this.#elements.set(id, element);
    // The editor reads an element's children together with it.
    changed.push(...(isSame ? changedChildren : [element]));
    return element;
  }
}

function isSameList(elements: readonly AccountsElement[], items: readonly AccountsItem[]): boolean {
  return elements.length === items.length && elements.every(({ id }, index) => id === items[index]?.id);
}

/** Compares what two items show, without their children. */
function isSameItem({ children: _a, ...a }: AccountsItem, { children: _b, ...b }: AccountsItem): boolean {
  const keys = Object.keys({ ...a, ...b }) as (keyof typeof a)[];
  return keys.every((key) => a[key] === b[key]);
}
