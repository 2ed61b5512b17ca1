import * as vscode from 'vscode';
import type { Services } from '../../services';
import type { TokenInfo } from '../../zeyos/surface';
import type { StoredAccount } from '../../session/model/session';
import { ApplicationSecretRequests } from './applicationSecretRequests';
import { InstanceProblems } from './instanceProblems';
import { RevocationSecretRequests } from './revocationSecretRequests';
import { SecretRequests } from './secretRequests';
import { ShortLifetimeNotices } from './shortLifetimeNotices';
import { StorageProblems } from './storageProblems';

/** What is shown to the user without a command: each class shows at once what is so already. */
export class Notices {
  readonly #storageProblems: StorageProblems;
  readonly #applicationSecrets: ApplicationSecretRequests;
  readonly #disposable: vscode.Disposable;

  constructor(services: Services) {
    const { store, instances, rejectedSecrets } = services;
    this.#storageProblems = new StorageProblems(store);
    this.#applicationSecrets = new ApplicationSecretRequests(services);
    this.#disposable = vscode.Disposable.from(
      this.#storageProblems,
      new InstanceProblems(instances),
      new SecretRequests(rejectedSecrets, () => instances.activeAccount(store.accounts)),
      new RevocationSecretRequests(services),
      new ShortLifetimeNotices(services),
    );
  }

  /** The secret storage cannot be read. */
  unreadable(error: unknown): void {
    this.#storageProblems.unreadable(error);
  }

  /** The secret storage does not answer. */
  late(): void {
    this.#storageProblems.late();
  }

  /** The API refuses a token that the server calls active. */
  refusedActive(stored: StoredAccount, told: TokenInfo): void {
    this.#applicationSecrets.note(stored, told);
  }

  dispose(): void {
    this.#disposable.dispose();
  }
}
