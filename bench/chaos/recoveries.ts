import { within } from '../sockets/within.ts';
import type { Actor } from './actors.ts';
import type { Instance } from './instances.ts';
import type { Proxy } from './proxy.ts';
import type { Servers } from './servers.ts';
import { wait } from './stage.ts';

/** From one fault until those whom it met are live again with nothing waiting to be sent, milliseconds. */
export interface Recovery {
  kind: string;
  times: number;
  /** Clients that it met, over all times. */
  clients: number;
  medianMs: number;
  p95Ms: number;
  maxMs: number;
}

interface Ground {
  visitors: readonly Actor[];
  instances: readonly Instance[];
  proxy: Proxy;
  servers: Servers;
}

interface Fault {
  kind: string;
  strike: (ground: Ground) => Promise<void> | void;
  /** True: only who lost the connection was met; else everybody. */
  isPartial?: boolean;
}

const faults: readonly Fault[] = [
  { kind: 'one app process of several', isPartial: true, strike: ({ instances }) => instances[0]?.kill() },
  { kind: 'all app processes', strike: killAll },
  {
    kind: 'all app processes and PostgreSQL',
    strike(ground) {
      killAll(ground);
      return ground.servers.crash('postgres');
    },
  },
  { kind: 'Redis', strike: ({ servers }) => servers.crash('redis') },
  { kind: 'lines that bring nothing any more', strike: ({ proxy }) => proxy.swallow('down') },
  { kind: 'lines that carry nothing any more', strike: ({ proxy }) => proxy.swallow('up') },
];

function killAll({ instances }: Ground): void {
  for (const instance of instances) instance.kill();
}

/** One fault at a time, each `times` times, while everybody has just said something. */
export async function measureRecoveries(ground: Ground, times: number): Promise<Recovery[]> {
  const recoveries: Recovery[] = [];
  for (const fault of times > 0 ? faults : []) {
    const all: number[] = [];
    for (let time = 0; time < times; time += 1) all.push(...(await strikeOnce(ground, fault)));
    all.sort((a, b) => a - b);
    const at = (share: number): number => Math.round(all[Math.ceil(all.length * share) - 1] ?? 0);
    const spread = { medianMs: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
    recoveries.push({ kind: fault.kind, times, clients: all.length, ...spread });
  }
  return recoveries;
}

async function strikeOnce(ground: Ground, fault: Fault): Promise<number[]> {
  await within(120, `calm before the fault of ${fault.kind}`, calm(ground));
  // said before the fault, and no ack can have come yet
  for (const visitor of ground.visitors) visitor.say?.();
  const startedAt = performance.now();
  const struck = Promise.resolve(fault.strike(ground));
  const recover = async (visitor: Actor): Promise<number | null> => {
    let wasLost = false;
    while (!(await visitor.isQuiet())) {
      wasLost ||= !visitor.isOnline();
      await wait(5);
    }
    return fault.isPartial === true && !wasLost ? null : performance.now() - startedAt;
  };
  const recovering = Promise.all(ground.visitors.map(recover));
  const found = await within(120, `the return of everybody after the fault of ${fault.kind}`, recovering);
  await struck;
  return found.filter((ms) => ms !== null);
}

async function calm({ visitors, instances }: Ground): Promise<void> {
  for (;;) {
    const quiet = await Promise.all(visitors.map((visitor) => visitor.isQuiet()));
    if (quiet.every(Boolean) && instances.every((instance) => instance.isUp())) break;
    await wait(20);
  }
  // pauses between tries begin anew where a connection has stood for a while
  await wait(2_000);
}
