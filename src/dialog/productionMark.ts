import type { Instance } from '../session/model/instance';

/** Marks what belongs to a production instance, in every language. */
const MARK = 'PROD';

/** A text with the mark first, if it is about a production instance. */
export function withProductionMark(text: string, instance: Pick<Instance, 'isProduction'> | undefined): string {
  return instance?.isProduction ? `${MARK} · ${text}` : text;
}
