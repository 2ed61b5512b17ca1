import type { PlatformUrl } from '../../zeyos/address/platform';
import type { AgentAccess } from './consents';

/** Variables of ZeyOS's own tools that would name another account. The server must not inherit them from the editor. */
const REMOVED = [
  'ZEYOS_REFRESH_TOKEN',
  'ZEYOS_CLIENT_ID',
  'ZEYOS_CLIENT_SECRET',
  'ZEYOS_PROFILE',
  'ZEYOS_INSTANCE',
  'ZEYSDK_SERVER',
  'ZEYSDK_TOKEN',
];

/** The variables to add to the environment of `zeyos-mcp`; `null` removes one. */
export function agentEnvironment(
  platform: PlatformUrl,
  token: string,
  access: AgentAccess,
): Readonly<Record<string, string | null>> {
  return {
    ...Object.fromEntries(REMOVED.map((name) => [name, null])),
    ZEYOS_BASE_URL: platform.href,
    ZEYOS_TOKEN: token,
    ZEYOS_NO_REFRESH: '1',
    ZEYOS_CREDENTIALS_READONLY: '1',
    ZEYOS_MCP_ALLOW_WRITES: access === 'write' ? '1' : null,
  };
}
