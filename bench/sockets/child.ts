import { fork } from 'node:child_process';
import { z } from 'zod';

const readySchema = z.object({ type: z.literal('ready'), port: z.number() });
const usageSchema = z.object({
  type: z.literal('usage'),
  rss: z.number(),
  heap: z.number(),
  cpuMs: z.number(),
  /** How late the event loop was at its worst hundredth since the last question, milliseconds. */
  lagP99Ms: z.number(),
  /** Connections that it holds. */
  connections: z.number(),
});
export type Usage = z.infer<typeof usageSchema>;

/** A server in a process of its own. */
export interface ServerChild {
  port: number;
  /** Memory after a collection, CPU time so far, delays of the event loop. */
  usage(): Promise<Usage>;
  kill(): Promise<void>;
  /** SIGTERM; resolves when the process has ended. */
  terminate(): Promise<void>;
}

export async function startServer(env: Record<string, string>): Promise<ServerChild> {
  const profile = env['PROFILE'];
  const child = fork(new URL('./server.ts', import.meta.url).pathname, [], {
    env: { ...process.env, ...env },
    execArgv: ['--expose-gc', ...(profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`])],
  });
  const next = <Schema extends z.ZodType>(schema: Schema): Promise<z.output<Schema>> =>
    new Promise((resolve, reject) => {
      const ended = (): void => reject(new Error('The server ended.'));
      child.once('exit', ended);
      child.once('message', (message) => {
        child.off('exit', ended);
        resolve(schema.parse(message));
      });
    });
  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    child.removeAllListeners('exit');
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }
  const { port } = await next(readySchema);
  return {
    port,
    usage() {
      const answer = next(usageSchema);
      child.send('usage');
      return answer;
    },
    // a profile is only written by a process that ends in good order
    kill: () => end(profile === undefined ? 'SIGKILL' : 'SIGTERM'),
    terminate: () => end('SIGTERM'),
  };
}
