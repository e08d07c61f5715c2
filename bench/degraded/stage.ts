import { readFileSync } from 'node:fs';
import path from 'node:path';
import { WebSocket } from 'ws';
import { z } from 'zod';
import type { Database } from '../../server/ports.ts';
import { createMemoryOutbox, createVisitorClient } from '../../server/protocol/client.ts';
import type { OutboxStore, VisitorClient } from '../../server/protocol/client.ts';
import { createFaultProxy, targetOf, throughProxy } from '../../server/testing/fault-proxy.ts';
import type { FaultProxy } from '../../server/testing/fault-proxy.ts';
import { makeTempFolder, startProcess } from '../../server/testing/process.ts';
import type { TestProcess } from '../../server/testing/process.ts';
import type { Servers } from '../chaos/servers.ts';
import { openVisitors } from '../sockets/ground.ts';
import { wait } from '../sockets/load.ts';

/** The product as it is shipped, two processes of it, with its database and its Redis behind proxies that can fail. */
export interface Stage {
  database: FaultProxy;
  redis: FaultProxy;
  products: readonly TestProcess[];
  urls: readonly string[];
  close(): Promise<void>;
}

export async function openStage(servers: Servers, more: Record<string, string> = {}): Promise<Stage> {
  const { folder, remove } = await makeTempFolder();
  const database = await createFaultProxy(targetOf(servers.databaseUrl, 5432));
  const redis = await createFaultProxy(targetOf(servers.redisUrl, 6379));
  const products = ['a', 'b'].map((name) =>
    startProcess({
      DATA_DIR: path.join(folder, name),
      DATABASE_URL: throughProxy(servers.databaseUrl, database),
      REDIS_URL: throughProxy(servers.redisUrl, redis),
      LOG_LEVEL: 'error',
      ...more,
    }),
  );
  const urls = await Promise.all(products.map(({ ready }) => ready));
  return {
    database,
    redis,
    products,
    urls,
    async close() {
      for (const { child, exited } of products) {
        child.kill('SIGKILL');
        await exited;
      }
      await Promise.all([database.close(), redis.close()]);
      await remove();
    },
  };
}

/** Somebody on the reference client. */
export interface Visitor {
  client: VisitorClient;
  outbox: OutboxStore;
  /** Connections that have ended so far. */
  losses(): number;
  said: string[];
}

/** Visitors with sessions of their own, spread over the processes, all online. */
export async function openVisitorsOf(stage: Stage, db: Database, count: number): Promise<Visitor[]> {
  const tokens = await openVisitors(db, count);
  const visitors = tokens.map((token, index) =>
    openVisitor(stage.urls[index % stage.urls.length] ?? '', token),
  );
  for (const { client } of visitors)
    await until('a visitor to be online', () => client.getSnapshot().connection.status === 'online');
  return visitors;
}

function openVisitor(url: string, token: string): Visitor {
  let losses = 0;
  const outbox = createMemoryOutbox();
  const client = createVisitorClient({
    url: `${url.replace('http', 'ws')}/ws/visitor`,
    site: 'default',
    token,
    conversationId: null,
    outbox,
    openSocket: (to) => {
      const socket = new WebSocket(to, { origin: url });
      socket.on('close', () => (losses += 1));
      return socket;
    },
  });
  client.connect();
  return { client, outbox, losses: () => losses, said: [] };
}

/** Says something of its own. */
export function say(visitor: Visitor, text: string): void {
  visitor.said.push(text);
  visitor.client.send(text);
}

/** How many of what was said wait to be sent. */
export async function waitingOf(visitors: readonly Visitor[]): Promise<number> {
  const boxes = await Promise.all(visitors.map(({ outbox }) => outbox.load()));
  return boxes.reduce((sum, box) => sum + box.length, 0);
}

/** What is lost of all that was said, and what stands in the logs more than once. */
export async function countFaults(db: Database, visitors: readonly Visitor[]) {
  const rows = await db.query(
    `select body->>'text' as text, count(*)::int as times from event
     where body->>'type' = 'message-added' and body->'author'->>'role' = 'visitor' group by 1`,
    [],
    z.object({ text: z.string(), times: z.number() }),
  );
  const times = new Map(rows.map((row) => [row.text, row.times]));
  const said = visitors.flatMap((visitor) => visitor.said);
  return {
    said: said.length,
    lost: said.filter((text) => !times.has(text)).length,
    twice: said.filter((text) => (times.get(text) ?? 0) > 1).length,
  };
}

/** Resident memory of a process, megabytes: what it has now, or the most it ever had. */
export function memoryMb({ child }: TestProcess, when: 'now' | 'peak' = 'now'): number {
  const status = readFileSync(`/proc/${String(child.pid)}/status`, 'utf8');
  const line = when === 'now' ? /VmRSS:\s+(\d+)/ : /VmHWM:\s+(\d+)/;
  return Math.round(Number(line.exec(status)?.[1] ?? 0) / 1024);
}

/** The status of a page, and how long it took, milliseconds; 0 where nobody answered within 5 s. */
export async function look(url: string): Promise<{ status: number; ms: number }> {
  const startedAt = performance.now();
  const status = await fetch(url, { signal: AbortSignal.timeout(5_000) }).then(
    (response) => response.status,
    () => 0,
  );
  return { status, ms: Math.round(performance.now() - startedAt) };
}

/** Waits until it is so; gives how long that took, milliseconds. Rejects after `seconds` with what was awaited. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  seconds = 60,
): Promise<number> {
  const startedAt = performance.now();
  while (!(await isSo())) {
    if (performance.now() - startedAt > seconds * 1_000)
      throw new Error(`Waited ${String(seconds)} s in vain for ${what}.`);
    await wait(50);
  }
  return Math.round(performance.now() - startedAt);
}
