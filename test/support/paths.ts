import { join, resolve } from 'node:path';

/** Where things are, seen from out/test/support. */
export const root = resolve(__dirname, '../../..');
export const out = join(root, 'out');
/** What is downloaded, built for a test, or kept between starts; never committed. */
export const cache = join(root, '.vscode-test');
export const vsix = join(cache, 'zeyos-auth.vsix');
export const consumer = join(root, 'test/support/extensions/consumer');
/** The example for authors of other extensions; the build makes its `dist`. */
export const example = join(root, 'examples/consumer');
export const bridge = join(root, 'test/support/extensions/bridge');
export const context = join(root, 'test/support/extensions/context');
