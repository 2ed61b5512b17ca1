import type { StoredAccount } from '../../session/model/session';
import { InstanceFailure, StorageError } from '../../dialog/failure';

/** The last path segment of an account's instance. */
export function instanceName({ platform }: StoredAccount): string {
  return platform.instanceName;
}

/**
 * Has a failed call name the instance that it was about.
 * @throws {InstanceFailure}
 */
export async function atInstance<T>({ platform }: StoredAccount, call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw new InstanceFailure(platform, error);
  }
}

/**
 * As {@link atInstance}, for a change of what is kept.
 * @throws {InstanceFailure}
 */
export function atStorage<T>(stored: StoredAccount, call: Promise<T>): Promise<T> {
  return atInstance(
    stored,
    call.catch((cause: unknown) => Promise.reject(new StorageError('change', { cause }))),
  );
}
