import { setTimeout as delay } from 'node:timers/promises';

/**
 * Ends a process that leads a group, and then the rest of the group, because an editor’s child processes outlive it and
 * write files.
 */
export async function endGroup(leader: number): Promise<void> {
  signal(leader, 'SIGTERM');
  await isGone(leader, 5000);
  signal(-leader, 'SIGTERM');
  if (await isGone(-leader, 1000)) return;
  signal(-leader, 'SIGKILL');
  await isGone(-leader, 1000);
}

/** Returns whether the process or group exists. */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

async function isGone(pid: number, patience: number): Promise<boolean> {
  for (const end = Date.now() + patience; Date.now() < end; await delay(20)) {
    if (!signal(pid, 0)) return true;
  }
  return false;
}
