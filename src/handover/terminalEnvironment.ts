import { delimiter } from 'node:path';
import { pathVariable } from './programs';
import { FOREIGN_CREDENTIALS, KEPT_BY_EDITOR, VARIABLES } from './protocol';

interface TerminalParts {
  readonly baseUrl: string;
  readonly handle: { readonly folder: string; readonly secret: string };
  /** The folder with the small commands. */
  readonly commands: string;
  readonly helper: string;
  readonly node: string;
  /** Absolute; absent if the command line is not installed. */
  readonly cli: string | undefined;
  readonly gone: string;
}

/**
 * `null` removes a variable. None holds a token: the editor may write them to disk, and every program in the terminal
 * can read them.
 */
export function terminalEnvironment(
  { baseUrl, handle, commands, helper, node, cli, gone }: TerminalParts,
  inherited: NodeJS.ProcessEnv,
): Readonly<Record<string, string | null>> {
  const path = pathVariable(inherited);
  return {
    ...Object.fromEntries(FOREIGN_CREDENTIALS.map((name) => [name, null])),
    ...KEPT_BY_EDITOR,
    ZEYOS_BASE_URL: baseUrl,
    [VARIABLES.handle]: handle.folder,
    [VARIABLES.secret]: handle.secret,
    [VARIABLES.gone]: gone,
    [VARIABLES.node]: node,
    [VARIABLES.helper]: helper,
    [VARIABLES.cli]: cli ?? null,
    [path.name]: path.value === '' ? commands : `${commands}${delimiter}${path.value}`,
  };
}
