/** Replaces a member of the editor’s API, and returns a function that restores it. */
export function replace(object: object, name: string, value: unknown): () => void {
  const original = Object.getOwnPropertyDescriptor(object, name);
  if (!original) throw new Error(`There is no ${name}.`);
  Object.defineProperty(object, name, { value, configurable: true, writable: true, enumerable: true });
  return () => void Object.defineProperty(object, name, original);
}
