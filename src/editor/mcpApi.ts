import * as vscode from 'vscode';

/** The first version of VS Code with {@link McpApi}. */
export const MCP_SINCE = '1.101';

/** `vscode.McpStdioServerDefinition`. */
export interface McpServerDefinition {
  readonly label: string;
  command: string;
  args: string[];
  /** Added to the environment of the extension host; `null` removes a variable. */
  env: Record<string, string | number | null>;
  /** The editor stops a running server whose version changes. */
  version?: string;
}

export interface McpServerDefinitionProvider {
  readonly onDidChangeMcpServerDefinitions: vscode.Event<void>;
  /** Must not ask the user. */
  provideMcpServerDefinitions(token: vscode.CancellationToken): Promise<McpServerDefinition[]>;
  /** Runs before a start, and may ask the user. */
  resolveMcpServerDefinition(
    server: McpServerDefinition,
    token: vscode.CancellationToken,
  ): Promise<McpServerDefinition>;
}

/** `@types/vscode` describes the oldest supported editor, which lacks this API. */
export interface McpApi {
  readonly lm: {
    registerMcpServerDefinitionProvider(id: string, provider: McpServerDefinitionProvider): vscode.Disposable;
  };
  readonly McpStdioServerDefinition: new (
    label: string,
    command: string,
    args?: string[],
    env?: Record<string, string | number | null>,
    version?: string,
  ) => McpServerDefinition;
}

/**
 * The version decides: VS Code 1.100 has functions of the same names, which throw unless the extension uses a proposed
 * API.
 */
export function mcpApi(): McpApi | undefined {
  const editor: object = vscode;
  const { version, lm, McpStdioServerDefinition } = editor as Partial<McpApi> & { readonly version?: string };
  if (!isAtLeast(version ?? '', MCP_SINCE)) return undefined;
  return typeof lm?.registerMcpServerDefinitionProvider === 'function' && typeof McpStdioServerDefinition === 'function'
    ? { lm, McpStdioServerDefinition }
    : undefined;
}

function isAtLeast(version: string, since: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [sinceMajor = 0, sinceMinor = 0] = since.split('.').map(Number);
  return major > sinceMajor || (major === sinceMajor && minor >= sinceMinor);
}
