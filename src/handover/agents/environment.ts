import type { PlatformUrl } from '../../zeyos/address/platform';
import { FOREIGN_CREDENTIALS, KEPT_BY_EDITOR } from '../protocol';
import type { AgentAccess } from './consents';

/** Extends the editor's environment. `null` removes a variable. */
export function agentEnvironment(
  platform: PlatformUrl,
  token: string,
  access: AgentAccess,
): Readonly<Record<string, string | null>> {
  return {
    ...Object.fromEntries(FOREIGN_CREDENTIALS.map((name) => [name, null])),
    ZEYOS_BASE_URL: platform.href,
    ZEYOS_TOKEN: token,
    ...KEPT_BY_EDITOR,
    ZEYOS_MCP_ALLOW_WRITES: access === 'write' ? '1' : null,
  };
}
