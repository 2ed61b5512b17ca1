import { setTimeout as delay } from 'node:timers/promises';
import type { LeaseBounds } from '../../src/base/fileLease';
import { openWindow } from './window';

/** Asks a window for a new token in place of `unwanted`, after a delay. */
export interface Order {
  readonly id: string;
  readonly unwanted: string;
  readonly afterMs: number;
}

/** The window’s token, or the name of the error. */
export interface Reply {
  readonly unwanted: string;
  readonly token?: string;
  readonly error?: string;
}

const [folder = '', bounds = '{}'] = process.argv.slice(2);
const { renewal } = openWindow(folder, JSON.parse(bounds) as LeaseBounds);

process.on('message', ({ id, unwanted, afterMs }: Order) => {
  void delay(afterMs)
    .then(() => renewal.renew(id, { unwanted }))
    .then(
      ({ session }): Reply => ({ unwanted, ...(session?.accessToken && { token: session.accessToken.value }) }),
      (error: Error): Reply => ({ unwanted, error: error.name }),
    )
    .then((reply) => process.send?.(reply));
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
