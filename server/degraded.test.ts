import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { z } from 'zod';
import {
  type AgentClient,
  createAgentClient,
  createVisitorClient,
  type VisitorClient,
} from './protocol/client.ts';
import { createFreshDatabase, type FreshDatabase, testDatabaseUrl } from './testing/database.ts';
import { createFaultProxy, type FaultProxy, targetOf, throughProxy } from './testing/fault-proxy.ts';
import { makeTempFolder, startProcess, type TestProcess } from './testing/process.ts';
import { testRedisUrl } from './testing/redis.ts';
import { until } from './testing/socket-stack.ts';

const owner = { email: 'owner@shop.example', password: 'a long enough password' };
const sessionSchema = z.object({ token: z.string() });

/** Two instances on one PostgreSQL and one Redis, each reached through a proxy that can fail. */
function describeDegraded(databaseUrl: string, redisUrl: string): void {
  let temp: Awaited<ReturnType<typeof makeTempFolder>>;
  let fresh: FreshDatabase;
  let database: FaultProxy;
  let redis: FaultProxy;
  let instances: { process: TestProcess; url: string }[] = [];
  let visitor: VisitorClient;
  let agent: AgentClient;

  beforeAll(async () => {
    temp = await makeTempFolder();
    fresh = await createFreshDatabase(databaseUrl, false);
    database = await createFaultProxy(targetOf(databaseUrl, 5432));
    redis = await createFaultProxy(targetOf(redisUrl, 6379));
    const environment = {
      DATABASE_URL: throughProxy(fresh.url, database),
      REDIS_URL: throughProxy(redisUrl, redis),
      BOOTSTRAP_OWNER_EMAIL: owner.email,
      BOOTSTRAP_OWNER_PASSWORD: owner.password,
      LOG_LEVEL: 'error',
    };
    // Together, so that their migrations meet too.
    const processes = ['a', 'b'].map((name) =>
      startProcess({ ...environment, DATA_DIR: path.join(temp.folder, name) }),
    );
    instances = await Promise.all(processes.map(async (process) => ({ process, url: await process.ready })));
    visitor = await connectVisitor(urlOf(0));
    agent = await connectAgent(urlOf(1));
  });
  afterAll(async () => {
    visitor.close();
    agent.close();
    for (const { process } of instances) {
      process.child.kill('SIGKILL');
      await process.exited;
    }
    await Promise.all([database.close(), redis.close()]);
    await fresh.drop();
    await temp.remove();
  });

  const urlOf = (index: number) => instances[index]?.url ?? '';
  const socketUrl = (url: string, kind: string) => `${url.replace('http', 'ws')}/ws/${kind}`;
  const statusOf = async (page: string) =>
    (await fetch(`${urlOf(0)}${page}`, { signal: AbortSignal.timeout(3000) })).status;
  const textsOf = (client: VisitorClient | AgentClient) =>
    (client.getSnapshot().thread?.entries ?? []).flatMap((entry) =>
      entry.kind === 'message' ? [entry.text] : [],
    );
  const deliveryOf = (text: string) =>
    visitor
      .getSnapshot()
      .thread?.entries.flatMap((entry) =>
        entry.kind === 'message' && entry.text === text ? [entry.outgoing?.status] : [],
      );

  async function connectVisitor(url: string): Promise<VisitorClient> {
    const response = await fetch(`${url}/api/v1/visitor/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ site: 'default', token: null }),
    });
    const { token } = sessionSchema.parse(await response.json());
    const openSocket = (to: string) => new WebSocket(to);
    const client = createVisitorClient({
      url: socketUrl(url, 'visitor'),
      site: 'default',
      token,
      conversationId: null,
      openSocket,
    });
    client.connect();
    await until(() => client.getSnapshot().connection.status === 'online');
    return client;
  }

  async function connectAgent(url: string): Promise<AgentClient> {
    const response = await fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-deskbell-console': '1', origin: url },
      body: JSON.stringify(owner),
    });
    const cookie = response.headers
      .getSetCookie()
      .map((each) => each.split(';')[0])
      .join('; ');
    const openSocket = (to: string) => new WebSocket(to, { headers: { cookie, origin: url } });
    const client = createAgentClient({ url: socketUrl(url, 'agent'), openSocket });
    client.connect();
    await until(() => client.getSnapshot().isInboxLoaded);
    return client;
  }

  it('a visitor of one instance and an agent of the other talk', async () => {
    visitor.send('Is anybody there?');
    visitor.requestPerson();
    const conversation = await until(() => agent.getSnapshot().inbox[0]);
    agent.open(conversation.conversationId);
    await until(() => agent.getSnapshot().thread?.isLoaded);
    agent.take();
    agent.send('Yes, I am.');
    await until(() => textsOf(visitor).includes('Yes, I am.'));
    visitor.send('Good.');
    await until(() => textsOf(agent).includes('Good.'));
  });

  it('F4: without Redis people go on talking, imports are accepted, and are done when it is back', async () => {
    redis.refuse(true);
    redis.cut();
    visitor.send('Without Redis?');
    await until(() => textsOf(agent).includes('Without Redis?'));
    agent.send('Works.');
    await until(() => textsOf(visitor).includes('Works.'));
    expect(await statusOf('/readyz')).toBe(200);
    const line = JSON.stringify({ id: 'late', title: 'Late', text: 'Accepted while Redis was away.' });
    const accepted = await instances[0]?.process.api(
      'POST',
      '/sites/default/documents',
      line,
      'application/x-ndjson',
    );
    expect(accepted?.status).toBe(202);
    redis.refuse(false);
    const { sourceId } = z.object({ sourceId: z.string() }).parse(accepted?.body);
    await expect
      .poll(
        async () => (await instances[0]?.process.api('GET', `/sites/default/sources/${sourceId}`))?.body,
        {
          timeout: 150_000,
          interval: 500,
        },
      )
      .toMatchObject({ state: 'done' });
  }, 180_000);

  it('F2: with a silent database it is live but not ready, keeps its sockets, and delivers when it is back', async () => {
    database.blackhole(true);
    visitor.send('Anybody still there?');
    expect(await statusOf('/readyz')).toBe(503);
    expect(await statusOf('/livez')).toBe(200);
    expect(visitor.getSnapshot().connection.status).toBe('online');
    expect(deliveryOf('Anybody still there?')).not.toContain('delivered');
    database.blackhole(false);
    await until(() => textsOf(agent).includes('Anybody still there?'));
    await until(() => deliveryOf('Anybody still there?')?.includes('delivered') || undefined);
    await until(async () => (await statusOf('/readyz')) === 200);
    expect(textsOf(agent).filter((text) => text === 'Anybody still there?')).toHaveLength(1);
  });

  it('F1: with a database that goes down and comes back it does, too', async () => {
    database.refuse(true);
    database.cut();
    visitor.send('And now?');
    expect(await statusOf('/readyz')).toBe(503);
    expect(await statusOf('/livez')).toBe(200);
    database.refuse(false);
    await until(() => textsOf(agent).includes('And now?'));
    expect(textsOf(agent).filter((text) => text === 'And now?')).toHaveLength(1);
    for (const { process } of instances) expect(process.child.exitCode).toBeNull();
  });
}

describe('two instances in trouble', () => {
  if (testDatabaseUrl !== null && testRedisUrl !== null) describeDegraded(testDatabaseUrl, testRedisUrl);
  else {
    it('need PostgreSQL and Redis, which CI starts', () => {
      expect([testDatabaseUrl, testRedisUrl]).toContain(null);
    });
  }
});
