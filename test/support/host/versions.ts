/** The editors that run the tests, served by code-server: a current one, and the oldest that the manifest permits. */
export const versions = {
  '1.139': { codeServer: '4.139.1', node: '24.21.0', watchdog: '@vscode/native-watchdog' },
  '1.100': { codeServer: '4.100.3', node: '20.20.2', watchdog: 'native-watchdog' },
} as const;

export type EditorVersion = keyof typeof versions;
export const editorVersions = Object.keys(versions) as EditorVersion[];

export function parseEditorVersion(text: string): EditorVersion {
  const version = editorVersions.find((each) => each === text);
  if (!version) throw new Error(`There is no test editor ${text}; there are ${editorVersions.join(' and ')}.`);
  return version;
}
