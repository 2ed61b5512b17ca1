import * as vscode from 'vscode';
import { CONFIGURATION, SETTINGS } from '../manifest';
import type { NetworkSettings } from '../session/instanceFetch';

const MINUTE_MS = 60_000;

/** How long before its end a session counts as expiring, in milliseconds; 0: never. */
export function expiryWarningMs(): number {
  return minutes('expiryWarningMinutes') * MINUTE_MS;
}

/** How often the active session is checked, in milliseconds; 0: never. */
export function checkIntervalMs(): number {
  return minutes('checkIntervalMinutes') * MINUTE_MS;
}

/** Whether passwords may be kept. */
export function staySignedIn(): boolean {
  return vscode.workspace.getConfiguration(CONFIGURATION).get<unknown>('staySignedIn', SETTINGS.staySignedIn) === true;
}

/** What the editor's own settings say about the network; none of them can be set by a workspace. */
export function networkSettings(): NetworkSettings {
  const http = vscode.workspace.getConfiguration('http');
  const [proxy, noProxy, authorization] = [http.get<unknown>('proxy'), http.get<unknown>('noProxy'), http.get<unknown>('proxyAuthorization')];
  return {
    proxy: {
      url: typeof proxy === 'string' ? proxy : '',
      noProxy: Array.isArray(noProxy) ? noProxy.filter((host): host is string => typeof host === 'string') : [],
      ...(typeof authorization === 'string' && authorization && { authorization }),
      isOff: http.get<unknown>('proxySupport') === 'off',
    },
    // Node has a switch of its own, which the whole editor would be started with.
    verifies: http.get<unknown>('proxyStrictSSL') !== false && process.env['NODE_TLS_REJECT_UNAUTHORIZED'] !== '0',
  };
}

function minutes(setting: 'expiryWarningMinutes' | 'checkIntervalMinutes'): number {
  const value = vscode.workspace.getConfiguration(CONFIGURATION).get<unknown>(setting);
  return typeof value === 'number' && value >= 0 ? value : SETTINGS[setting];
}
