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

/** Activates an extension while the profiler of its extension host samples every 100 microseconds. */
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
    const { profile } = await session.post('Profiler.stop');
    session.disconnect();
    return profile;`,
    MEASURED[measured],
  );
}

/** Where the time of a profile went, in milliseconds: on the extension's own code, on the editor's, on Node's, and waiting. */
export function whereTimeWent(profile: CpuProfile, folder: string): Readonly<Record<string, number>> {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(profile.nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])));
  const kindOf = (id: number): string => {
    const { functionName, url } = nodes.get(id)?.callFrame ?? { functionName: '', url: '' };
    if (functionName === '(idle)') return 'waiting';
    if (functionName === '(garbage collector)') return 'collecting garbage';
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const frame = nodes.get(at)?.callFrame;
      if (frame?.functionName === 'wrapSafe' || frame?.functionName === 'compileForInternalLoader') return 'compiling';
    }
    if (url.includes(folder)) return 'own code';
    if (url.includes('extensionHostProcess')) return 'editor';
    return url.startsWith('node:') ? 'Node' : 'other';
  };
  const times: Record<string, number> = {};
  profile.samples.forEach((id, index) => {
    const kind = kindOf(id);
    times[kind] = (times[kind] ?? 0) + (profile.timeDeltas[index] ?? 0) / 1000;
  });
  return times;
}
