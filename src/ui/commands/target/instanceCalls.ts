import type { StoredAccount } from '../../../session/model/session';
import { StorageError } from '../../../dialog/failure/errors';
import { InstanceFailure } from '../../../dialog/failure/instanceFailure';

export function instanceName({ platform }: StoredAccount): string {
  return platform.instanceName;
}

/**
 * Names the platform in the error.
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
 * Names the platform in the error of the secret storage.
 * @throws {InstanceFailure}
 */
export function atStorage<T>(stored: StoredAccount, call: Promise<T>): Promise<T> {
  return atInstance(
    stored,
    call.catch((cause: unknown) => Promise.reject(new StorageError('change', { cause }))),
  );
}
