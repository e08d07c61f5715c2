import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createNotifyBus } from '../../adapters/bus/notify-bus.ts';
import { createRedisBus } from '../../adapters/bus/redis-bus.ts';
import type { Bus, Database } from '../../ports.ts';
import type { AgentClient } from '../../protocol/client.ts';
import { createStreamSocket } from '../../protocol/client/stream-socket.ts';
import type { Account } from '../../protocol/http-accounts.ts';
import { createAccess } from '../../services/access.ts';
import type { Access } from '../../services/access.ts';
import { sessionRevokedChannel } from '../../services/access-revoked.ts';
import { systemClock as clock, systemIds as ids } from '../../system.ts';
import { createTestDatabase } from '../../testing/database.ts';
import { silentLogger as logger } from '../../testing/deps.ts';
import { testPasswordCost as passwordCost } from '../../testing/http-app.ts';
import { testRedisUrl } from '../../testing/redis.ts';
import { addSite, createSocketStack, until } from '../../testing/socket-stack.ts';
import type { SocketStack } from '../../testing/socket-stack.ts';
import { defaultSessionCheckMs } from './session-watch.ts';

/** C2 over two instances with the real access, the real bus (Redis where there is one) and the real database. */
let database: Database;
const closers: (() => Promise<void>)[] = [];
const password = 'a long enough password';
/** Never in the time of a test: only the bus can bring the news. */
const never = 3_600_000;

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(() => database?.close());

interface Place {
  stack: SocketStack;
  access: Access;
}

async function startInstance(channel: string, options: { check: number; isHeard: boolean }): Promise<Place> {
  const whole =
    testRedisUrl === null ? createNotifyBus(database, logger) : createRedisBus(testRedisUrl, logger, channel);
  const bus: Bus = {
    ...whole,
    publish: async (to, message) => {
      if (options.isHeard || to !== sessionRevokedChannel) await whole.publish(to, message);
    },
  };
  const access = createAccess({ db: database, bus, ids, clock, logger, passwordCost });
  const stack = await createSocketStack(database, { bus, access, sessionCheckMs: options.check });
  closers.push(whole.close, stack.close);
  return { stack, access };
}

async function pair(options: { check: number; isHeard: boolean }): Promise<[Place, Place]> {
  const channel = `test-${ids.uuid()}`;
  return Promise.all([startInstance(channel, options), startInstance(channel, options)]);
}

/** A desk over WebSocket, or where that is blocked over the event stream. */
function openDesk({ stack }: Place, token: string, isBlocked = false): AgentClient {
  const cookie = `deskbell-console=${token}`;
  const toStream: typeof fetch = (url, init) =>
    fetch(String(url).replace(/^ws/u, 'http'), {
      ...init,
      headers: { ...Object(init?.headers), cookie, origin: stack.origin },
    });
  const desk = stack.agentClient({
    cookie,
    ...(isBlocked && { openSocket: (url: string) => createStreamSocket(url, toStream) }),
  });
  desk.connect();
  return desk;
}

async function addAgent(access: Access, name: string): Promise<{ account: Account; token: string }> {
  const email = `${ids.uuid()}@shop.example`;
  const account = await access.agents.add({ email, name, role: 'agent', password });
  const { token } = await access.login({ email, password }, '127.0.0.1');
  return { account, token };
}

const isOnline = (desk: AgentClient) => desk.getSnapshot().connection.status === 'online';
const isRevoked = (desk: AgentClient) => desk.getSnapshot().connection.status === 'refused';

type Ending = [string, (access: Access, agent: { account: Account; token: string }) => Promise<unknown>];
const endings: Ending[] = [
  ['is removed', (access, { account }) => access.agents.remove(account.id)],
  [
    'gets a new password',
    (access, { account }) => access.agents.update(account.id, { password: `${password}!` }),
  ],
  [
    'changes the password',
    (access, { account }) =>
      access.changePassword(account, { current: password, next: `${password}!` }, '127.0.0.1'),
  ],
  ['becomes an owner', (access, { account }) => access.agents.update(account.id, { role: 'owner' })],
  ['signs out', (access, { token }) => access.logout(token)],
];

/** Three sockets and a stream of one agent, over both instances, and a colleague who stays. */
async function endOn(places: [Place, Place], end: Ending[1]): Promise<void> {
  const [one, two] = places;
  const agent = await addAgent(one.access, 'Ada');
  const colleague = await addAgent(two.access, 'Bo');
  const desks = [
    openDesk(one, agent.token),
    openDesk(one, agent.token),
    openDesk(two, agent.token),
    openDesk(two, agent.token, true),
  ];
  const other = openDesk(two, colleague.token);
  await until(() => [...desks, other].every(isOnline));
  await end(one.access, agent);
  await until(
    () => desks.every(isRevoked),
    () => desks.map((desk) => desk.getSnapshot().connection),
  );
  expect(isOnline(other)).toBe(true);
  for (const { access } of places) expect(await access.authenticateSession(agent.token)).toBeNull();
  const late = new WebSocket(`${two.stack.url}/ws/agent`, {
    headers: { cookie: `deskbell-console=${agent.token}` },
  });
  const status = await new Promise((resolve) => {
    late.on('unexpected-response', (request, response) => {
      resolve(response.statusCode);
      request.destroy();
    });
    late.on('error', () => {});
    late.on('open', () => resolve(101));
  });
  late.terminate();
  expect(status).toBe(401);
}

test.each(endings)(
  'C2 CON-12 when an agent %s, the bus closes all lines on both instances',
  async (_way, end) => {
    await endOn(await pair({ check: never, isHeard: true }), end);
  },
);

test.each(endings)(
  'C2 CON-12 when an agent %s and the bus loses it, a look every 1.5 s does',
  async (_way, end) => {
    await endOn(await pair({ check: defaultSessionCheckMs, isHeard: false }), end);
  },
);
