import type { AccountsItem } from './accountsModel';

/**
 * Stays the same object while its item changes, because the editor recognises an element by its object. Menu commands
 * get it as their argument, and read `instance` and `account`.
 */
export interface AccountsElement extends Readonly<Pick<AccountsItem, 'id' | 'instance' | 'account'>> {
  readonly item: AccountsItem;
  readonly children: readonly AccountsElement[];
}

interface Mutable {
  item: AccountsItem;
  children: readonly AccountsElement[];
}

export interface TreeChange {
  /** To read again, each with its children; `undefined` means all elements. */
  readonly changed: readonly AccountsElement[] | undefined;
  /** Elements with their first children. The editor shows them collapsed, whatever their state says. */
  readonly filled: readonly AccountsElement[];
}

/** Finds the changes between two models. */
export class AccountsTree {
  #elements = new Map<string, AccountsElement & Mutable>();
  #roots: readonly AccountsElement[] = [];

  get roots(): readonly AccountsElement[] {
    return this.#roots;
  }

  /** Returns `undefined` for an instance. */
  parentOf({ id, instance }: AccountsElement): AccountsElement | undefined {
    return id === instance ? undefined : this.#roots.find((root) => root.id === instance);
  }

  update(items: readonly AccountsItem[]): TreeChange {
    const before = this.#elements;
    const areSameRoots = isSameList(this.#roots, items);
    const hadNoChildren = this.#roots.filter(({ children }) => children.length === 0);
    this.#elements = new Map();
    const changed: AccountsElement[] = [];
    this.#roots = items.map((item) => this.#take(item, before, changed));
    return {
      changed: areSameRoots ? changed : undefined,
      filled: hadNoChildren.filter((element) => this.#roots.includes(element) && element.children.length > 0),
    };
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
    const isSame = known !== undefined && isSameItem(known.item, item) && isSameList(known.children, item.children);
    const element = known ?? { id, instance, ...(account !== undefined && { account }), item, children };
    element.item = item;
    element.children = children;
    this.#elements.set(id, element);
    changed.push(...(isSame ? changedChildren : [element]));
    return element;
  }
}

function isSameList(elements: readonly AccountsElement[], items: readonly AccountsItem[]): boolean {
  return elements.length === items.length && elements.every(({ id }, index) => id === items[index]?.id);
}

function isSameItem({ children: _a, ...a }: AccountsItem, { children: _b, ...b }: AccountsItem): boolean {
  const keys = Object.keys({ ...a, ...b }) as (keyof typeof a)[];
  return keys.every((key) => a[key] === b[key]);
}
