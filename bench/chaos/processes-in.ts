import { readdirSync, readlinkSync } from 'node:fs';

/** Processes that work in this folder or below: servers change into the folder of their data. */
export function processesIn(folder: string): number[] {
  const numbers = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return numbers.map(Number).filter((pid) => {
    const place = placeOf(pid);
    return place === folder || place.startsWith(`${folder}/`);
  });
}

/** SIGKILL to all of them, again and again until none is left: some may just be making others. */
export async function killAllIn(folder: string): Promise<void> {
  while (killOnce(folder)) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** The same without giving way, for the end of a process. */
export function killAllInSync(folder: string): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  while (killOnce(folder)) Atomics.wait(sleeper, 0, 0, 10);
}

function killOnce(folder: string): boolean {
  const found = processesIn(folder);
  for (const pid of found) kill(pid);
  return found.length > 0;
}

/** Where a process works; nowhere when it has ended. */
function placeOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${String(pid)}/cwd`);
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it is gone already
  }
}
