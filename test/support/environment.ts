/**
 * Variables that npm sets for its child processes. An editor or another npm that the tests start must not read them as
 * its own settings.
 */
const ofNpm = /^npm_(config_(?!registry|cache|.*proxy|cafile)|package_|lifecycle_|command$|execpath$|node_execpath$)/i;
const ofTheCaller = new Set(['INIT_CWD', 'NODE_OPTIONS', 'ELECTRON_RUN_AS_NODE']);

export function environment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const own: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !ofNpm.test(name) && !ofTheCaller.has(name) && !name.startsWith('VSCODE_'))
      own[name] = value;
  }
  return { ...own, ...extra };
}
