import * as vscode from 'vscode';
import { MINUTE_MS } from '../base/clock';
import { withoutInvisible } from '../base/invisible';
import { CONFIGURATION, SETTINGS } from '../manifest';
import type { NetworkSettings } from '../zeyos/transport/proxy';

/** How long before its end a session counts as expiring; 0: never. */
export function expiryWarningMs(): number {
  return minutes('expiryWarningMinutes') * MINUTE_MS;
}

/** How often the active session is introspected; 0: never. */
export function checkIntervalMs(): number {
  return minutes('checkIntervalMinutes') * MINUTE_MS;
}

export function staySignedIn(): boolean {
  return vscode.workspace.getConfiguration(CONFIGURATION).get<unknown>('staySignedIn', SETTINGS.staySignedIn) === true;
}

export function mcpEnabled(): boolean {
  return vscode.workspace.getConfiguration(CONFIGURATION).get<unknown>('mcp.enabled') === true;
}

/** Empty: the extension looks for `zeyos-mcp` on the PATH. */
export function mcpCommand(): string {
  const value = vscode.workspace.getConfiguration(CONFIGURATION).get<unknown>('mcp.command');
  return typeof value === 'string' ? withoutInvisible(value, 'atEnds') : '';
}

/** A workspace cannot set the editor's network settings. */
export function networkSettings(): NetworkSettings {
  const http = vscode.workspace.getConfiguration('http');
  const text = (key: string): string => {
    const value = http.get<unknown>(key);
    return typeof value === 'string' ? value : '';
  };
  const noProxy = http.get<unknown>('noProxy');
  return {
    proxy: text('proxy'),
    support: text('proxySupport'),
    noProxy: Array.isArray(noProxy) ? noProxy.filter((host): host is string => typeof host === 'string') : [],
    authorization: text('proxyAuthorization'),
    environment: process.env,
    verifies: http.get<unknown>('proxyStrictSSL') !== false,
    systemCertificates: http.get<unknown>('systemCertificates') !== false,
  };
}

function minutes(setting: 'expiryWarningMinutes' | 'checkIntervalMinutes'): number {
  const value = vscode.workspace.getConfiguration(CONFIGURATION).get<unknown>(setting);
  return typeof value === 'number' && value >= 0 ? value : SETTINGS[setting];
}
