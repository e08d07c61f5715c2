import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { makeTempFolder, startProcess, type TestProcess } from '../../server/testing/process.ts';

const preload = fileURLToPath(new URL('./lag.ts', import.meta.url));
const lagLine = /^lag (\{.*\})$/gm;
const lagShape = z.object({ p50: z.number(), p99: z.number(), max: z.number() });
export type Lag = z.infer<typeof lagShape>;

/** How late the event loop of a process was since the last call. */
export async function readLag(product: TestProcess): Promise<Lag> {
  const known = [...product.stdout().matchAll(lagLine)].length;
  product.child.kill('SIGUSR2');
  for (;;) {
    const line = [...product.stdout().matchAll(lagLine)].at(known);
    if (line !== undefined) return lagShape.parse(JSON.parse(line[1] ?? ''));
    await wait(10);
  }
}

/** Runs the product while `work` does: in one process, or with a worker of its own. */
export async function withProduct<Result>(
  environment: Readonly<Record<string, string>>,
  hasWorker: boolean,
  work: (product: TestProcess, port: number) => Promise<Result>,
): Promise<Result> {
  const temp = await makeTempFolder();
  const common = {
    ...environment,
    DATA_DIR: temp.folder,
    // What is crawled lies on loopback.
    FETCH_ALLOW: '127.0.0.0/8',
    NODE_OPTIONS: `--import=${preload}`,
    LOG_LEVEL: 'warn',
  };
  const web = startProcess({ ...common, ...(hasWorker ? { DESKBELL_ROLE: 'web' } : {}) });
  const address = await web.ready;
  const worker = hasWorker ? startProcess(common, 'server/worker.ts') : null;
  await worker?.ready;
  try {
    return await work(web, Number(new URL(address).port));
  } finally {
    for (const product of worker === null ? [web] : [web, worker]) {
      product.child.kill('SIGTERM');
      await (product.child.exitCode === null ? once(product.child, 'close') : null);
    }
    await temp.remove();
  }
}
