import type { Turn } from './base/turn';
import type { Lease } from './base/lease';
import type { Clock } from './base/clock';
import type { GroupedLog } from './base/log';
import type { Memento, SecretStorage } from './session/storage/secretStorage';
import type { InstancesSetting } from './session/storage/instanceStore';
import type { Fetch, HttpBounds } from './zeyos/transport/http';
import type { NetworkSettings } from './zeyos/transport/proxy';

/** A secret storage that also reports changes, those of other windows included. `vscode.SecretStorage` is one. */
export interface ObservableSecretStorage extends SecretStorage {
  onDidChange(listener: (event: { readonly key: string }) => void): { dispose(): void };
}

/** The user's settings, read anew at each call. */
export interface Settings {
  readonly instances: InstancesSetting;
  readonly network: () => NetworkSettings;
  /** How long before its end a session counts as expiring, in milliseconds; 0 = never. */
  readonly expiryWarningMs: () => number;
  /** How often the active session is introspected, in milliseconds; 0 = never. */
  readonly checkIntervalMs: () => number;
  readonly staySignedIn: () => boolean;
}

/** Everything that the headless half takes from the editor and from the machine. */
export interface Seams {
  /** The editor's own `fetch`, which knows its proxy and its certificates. */
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: GroupedLog;
  readonly secrets: ObservableSecretStorage;
  /** Values that the editor saves for the extension in all workspaces. */
  readonly memento: Memento;
  /** Values that the editor saves for this workspace. */
  readonly workspace: Memento;
  readonly settings: Settings;
  /** The lease with this name, shared by all windows of this machine. */
  readonly lease: (name: string) => Lease;
  readonly turn: Turn;
  readonly isFocused: () => boolean;
  /** Identifies this machine and editor. It is sent to the legacy login only as a hash. */
  readonly machineId: string;
  /** Identifies this start of the editor: the same in all its windows, and different after a restart. */
  readonly editorStart: string;
  readonly httpBounds?: Partial<HttpBounds>;
}
