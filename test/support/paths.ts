import { join, resolve } from 'node:path';

export const root = resolve(__dirname, '../../..');
export const out = join(root, 'out');
/** Downloads, packages and data of `npm start`. Never committed. */
export const cache = join(root, '.vscode-test');
export const vsix = join(cache, 'zeyos-auth.vsix');
export const consumer = join(root, 'test/support/extensions/consumer');
/** The example for authors of other extensions; the build makes its `dist`. */
export const example = join(root, 'examples/consumer');
export const bridge = join(root, 'test/support/extensions/bridge');
export const context = join(root, 'test/support/extensions/context');
