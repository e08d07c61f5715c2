import { fork } from 'node:child_process';
import { z } from 'zod';

const readySchema = z.object({ type: z.literal('ready'), port: z.number() });
const usageSchema = z.object({ type: z.literal('usage'), rss: z.number(), cpuMs: z.number() });

/** A server in a process of its own. */
export interface ServerChild {
  port: number;
  /** Resident bytes after a collection, and CPU time so far. */
  usage(): Promise<{ rss: number; cpuMs: number }>;
  kill(): Promise<void>;
}

export async function startServer(env: Record<string, string>): Promise<ServerChild> {
  const child = fork(new URL('./server.ts', import.meta.url).pathname, [], {
    env: { ...process.env, ...env },
    execArgv: ['--expose-gc'],
  });
  const next = <Schema extends z.ZodType>(schema: Schema): Promise<z.output<Schema>> =>
    new Promise((resolve, reject) => {
      child.once('exit', () => reject(new Error('The server ended.')));
      child.once('message', (message) => resolve(schema.parse(message)));
    });
  const { port } = await next(readySchema);
  return {
    port,
    usage() {
      const answer = next(usageSchema);
      child.send('usage');
      return answer;
    },
    async kill() {
      child.removeAllListeners('exit');
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    },
  };
}
