/** npm tells its children how it was called; an editor or another npm started from here must not take that for its own settings. */
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
