import * as vscode from 'vscode';
import type { Services } from '../../services';
import type { TokenInfo } from '../../zeyos/api';
import type { StoredAccount } from '../../session/model/session';
import { ApplicationSecretRequests } from './applicationSecretRequests';
import { SettingsNotices } from './settingsNotices';
import { RevocationSecretRequests } from './revocationSecretRequests';
import { SecretRequests } from './secretRequests';
import { ShortLifetimeNotices } from './shortLifetimeNotices';
import { StorageProblems } from './storageProblems';

/** Each notice shows at once what is due when it is constructed. */
export class Notices {
  readonly #storageProblems: StorageProblems;
  readonly #applicationSecrets: ApplicationSecretRequests;
  readonly #disposable: vscode.Disposable;

  constructor(services: Services) {
    const { store, instances, rejectedClientSecrets } = services;
    this.#storageProblems = new StorageProblems(store);
    this.#applicationSecrets = new ApplicationSecretRequests(services);
    this.#disposable = vscode.Disposable.from(
      this.#storageProblems,
      new SettingsNotices(instances),
      new SecretRequests(rejectedClientSecrets, () => instances.activeAccount(store.accounts)),
      new RevocationSecretRequests(services),
      new ShortLifetimeNotices(services),
    );
  }

  unreadable(error: unknown): void {
    this.#storageProblems.unreadable(error);
  }

  late(): void {
    this.#storageProblems.late();
  }

  refusedActive(stored: StoredAccount, told: TokenInfo): void {
    this.#applicationSecrets.note(stored, told);
  }

  dispose(): void {
    this.#disposable.dispose();
  }
}
