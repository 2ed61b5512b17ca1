import type { Bridge } from '../support/host/bridge';
import { MEASURED, type Measured } from './measuringCopies';

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

/** A V8 CPU profile. Times are microseconds. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly startTime: number;
  readonly endTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/**
 * Activates an extension while the profiler of its extension host samples every 100 microseconds, and for 200 ms after:
 * the extension shows itself in the event after its activation.
 */
export function profileActivation(extensionHost: Bridge, measured: Measured): Promise<CpuProfile> {
  return extensionHost.evaluate(
    `
    const { Session } = require('inspector/promises');
    const session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: 100 });
    await session.post('Profiler.start');
    await ext(arg);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    return profile;`,
    MEASURED[measured],
  );
}

/** Where the time of a profile went, in milliseconds. Only of 1.139: the older editor's functions have no names. */
export function whereTimeWent(profile: CpuProfile): Readonly<Record<string, number>> {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(profile.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])));
  const framesOf = (id: number): ProfileNode['callFrame'][] => {
    const frames = [];
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const node = nodes.get(at);
      if (node) frames.push(node.callFrame);
    }
    return frames;
  };
  const times: Record<string, number> = {};
  profile.samples.forEach((id, index) => {
    const kind = kindOf(framesOf(id));
    if (kind !== undefined) times[kind] = (times[kind] ?? 0) + (profile.timeDeltas[index] ?? 0) / 1000;
  });
  return times;
}

/** @param frames the innermost first */
function kindOf(frames: readonly ProfileNode['callFrame'][]): string | undefined {
  const { functionName = '', url = '' } = frames[0] ?? {};
  if (functionName === '(idle)') return 'waiting';
  if (functionName === '(garbage collector)') return 'collecting garbage';
  const isIn = (name: string): boolean => frames.some((frame) => frame.functionName === name);
  // The profiler itself, and what the extension host does besides.
  if (isIn('post')) return undefined;
  const isOurs = frames.some((frame) => frame.url.includes('/dist/'));
  const when = isIn('_callActivate')
    ? 'activate'
    : isIn('_doLoadModule')
      ? 'loading'
      : isOurs
        ? 'afterwards'
        : undefined;
  if (when === undefined) return undefined;
  if (isIn('wrapSafe')) return `${when}: V8 compiles`;
  if (url.includes('/dist/')) return `${when}: the extension's code`;
  return url.includes('extensionHostProcess') ? `${when}: the editor's code` : `${when}: Node's code`;
}
