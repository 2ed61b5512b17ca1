import * as vscode from 'vscode';

/** The first version of VS Code that has {@link McpApi}. */
export const MCP_SINCE = '1.101';

/** An MCP server that the editor starts as a program: `vscode.McpStdioServerDefinition`. */
export interface McpServerDefinition {
  readonly label: string;
  command: string;
  args: string[];
  /** Added to the environment of the extension host; `null` removes a variable. */
  env: Record<string, string | number | null>;
  /** The editor stops a running server whose version changes. */
  version?: string;
}

/** `vscode.McpServerDefinitionProvider`. */
export interface McpServerDefinitionProvider {
  readonly onDidChangeMcpServerDefinitions: vscode.Event<void>;
  /** Lists the servers. Must not ask the user anything. */
  provideMcpServerDefinitions(token: vscode.CancellationToken): Promise<McpServerDefinition[]>;
  /** Completes a server that is about to be started. May ask the user. */
  resolveMcpServerDefinition(
    server: McpServerDefinition,
    token: vscode.CancellationToken,
  ): Promise<McpServerDefinition>;
}

/** The part of the editor's API for MCP servers that is used. `@types/vscode` is that of the oldest editor, which does not have it. */
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
 * The API for MCP servers, if this editor has it. The version decides: VS Code 1.100 has functions of the same names, which throw unless the
 * extension uses a proposed API.
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
