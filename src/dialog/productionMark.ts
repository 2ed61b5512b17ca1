import type { Instance } from '../session/model/instance';

/** The production mark is the same in every language. */
const MARK = 'PROD';

export function withProductionMark(text: string, instance: Pick<Instance, 'isProduction'> | undefined): string {
  return instance?.isProduction ? `${MARK} · ${text}` : text;
}
