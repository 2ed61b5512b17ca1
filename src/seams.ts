import type { Turn } from './base/turn';
import type { Lease } from './base/lease';
import type { Clock } from './base/clock';
import type { GroupedLog } from './base/log';
import type { Memento, SecretStorage } from './session/storage/secretStorage';
import type { InstancesSetting } from './session/storage/instanceStore';
import type { Fetch, HttpBounds } from './zeyos/transport/http';
import type { NetworkSettings } from './zeyos/transport/proxy';

/** Reports changes of all windows, as `vscode.SecretStorage` does. */
export interface ObservableSecretStorage extends SecretStorage {
  onDidChange(listener: (event: { readonly key: string }) => void): { dispose(): void };
}

/** Each call reads the current value. */
export interface Settings {
  readonly instances: InstancesSetting;
  readonly network: () => NetworkSettings;
  /** How long before its end a session counts as expiring; 0 = never. */
  readonly expiryWarningMs: () => number;
  /** How often the active session is introspected; 0 = never. */
  readonly checkIntervalMs: () => number;
  readonly staySignedIn: () => boolean;
}

/** What the headless half takes from the editor and the machine. */
export interface Seams {
  /** The editor's `fetch`, which uses its proxy and certificates. */
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: GroupedLog;
  readonly secrets: ObservableSecretStorage;
  /** Saved for all workspaces. */
  readonly memento: Memento;
  /** Saved for this workspace. */
  readonly workspace: Memento;
  readonly settings: Settings;
  readonly lease: (name: string) => Lease;
  readonly turn: Turn;
  readonly isFocused: () => boolean;
  /** Identifies this machine and editor. Only its hash is sent, to the legacy login. */
  readonly machineId: string;
  /** Identifies this start of the editor. It is the same in all its windows. */
  readonly editorStart: string;
  readonly httpBounds?: Partial<HttpBounds>;
}
