import { WebSocket } from 'ws';
import { startHttpServer } from '../http-server.ts';
import type { HttpLimits } from '../http-server.ts';
import type { Bus, Database } from '../ports.ts';
import type { Account } from '../protocol/http-accounts.ts';
import { createAgentClient, createVisitorClient } from '../protocol/client.ts';
import type { AgentClient, ClientOptions, VisitorClient, VisitorClientOptions } from '../protocol/client.ts';
import type { LiveTimings } from '../services/live-limits.ts';
import { sessionHash } from '../services/access-revoked.ts';
import { createLive } from '../services/live.ts';
import type { Live } from '../services/live.ts';
import { createVisitorSessions } from '../services/visitor-session.ts';
import { systemClock, systemIds } from '../system.ts';
import { createSocketServer } from '../transports/ws/socket-server.ts';
import type { SocketServer, SocketServerDeps } from '../transports/ws/socket-server.ts';
import { recordingLogger } from './deps.ts';
import { createScriptedAnswers } from './socket-answers.ts';
import type { ScriptedAnswers } from './socket-answers.ts';
import { createTestWire } from './socket-bus.ts';

/** One instance of the live side on a free loopback port, with answers that the test writes. */
export interface SocketStack {
  url: string;
  origin: string;
  live: Live;
  sockets: SocketServer;
  answers: ScriptedAnswers;
  logger: ReturnType<typeof recordingLogger>;
  /** A signed-in agent's cookie header. */
  addAgent(name: string): Promise<{ account: Account; cookie: string }>;
  openVisitor(site?: string): Promise<{ visitorId: string; token: string }>;
  visitorClient(options: { token: string; site?: string } & Partial<VisitorClientOptions>): VisitorClient;
  agentClient(options: { cookie: string } & Partial<ClientOptions>): AgentClient;
  /** A bare socket, for what the client would never do. */
  raw(path: string, headers?: Record<string, string>): WebSocket;
  close(): Promise<void>;
}

const agents = new Map<string, Account>();

/** Starts an instance; several may share `database` and a wire's buses. */
export async function createSocketStack(
  database: Database,
  options: {
    bus?: Bus;
    timings?: Partial<LiveTimings>;
    http?: Partial<HttpLimits>;
  } & Partial<SocketServerDeps> = {},
): Promise<SocketStack> {
  const logger = recordingLogger();
  const common = { db: database, clock: options.clock ?? systemClock, ids: systemIds, logger };
  const bus = options.bus ?? createTestWire().bus();
  const answers = createScriptedAnswers();
  const live = createLive({ ...common, bus, answers, timings: options.timings ?? {} });
  const visitorSessions = createVisitorSessions(common);
  const access = { authenticateSession: async (token: string) => agents.get(token) ?? null };
  const sockets = createSocketServer({
    ...common,
    bus,
    live,
    visitorSessions,
    access,
    publicUrl: null,
    ...options,
  });
  const server = await startHttpServer({
    host: '127.0.0.1',
    port: 0,
    handleRequest: (request, response) => {
      if (!sockets.handleRequest(request, response)) response.writeHead(404).end();
    },
    handleUpgrade: (request, socket, head) => sockets.handleUpgrade(request, socket, head),
    limits: options.http ?? {},
  });
  const origin = `http://127.0.0.1:${String(server.port)}`;
  const url = `ws://127.0.0.1:${String(server.port)}`;
  await live.start();
  await sockets.start();
  const closers: (() => void)[] = [];
  const kept = <Client extends { close(): void }>(client: Client): Client => {
    closers.push(() => client.close());
    return client;
  };

  return {
    url,
    origin,
    live,
    sockets,
    answers,
    logger,
    async addAgent(name) {
      const account: Account = { id: systemIds.uuid(), email: `${name}@shop.example`, name, role: 'agent' };
      await database.execute(
        `insert into agent (id, email, name, role, password_hash) values ($1, $2, $3, 'agent', '-')`,
        [account.id, `${account.id}@shop.example`, name],
      );
      const token = systemIds.secret(32);
      agents.set(token, account);
      await database.execute(
        `insert into agent_session (token_hash, agent_id, expires_at) values ($1, $2, now() + interval '1 day')`,
        [sessionHash(token), account.id],
      );
      return { account, cookie: `deskbell-console=${token}` };
    },
    openVisitor: (site = 'default') => visitorSessions.open({ siteId: site, token: null }),
    visitorClient: ({ token, site = 'default', ...rest }) =>
      kept(
        createVisitorClient({
          url: `${url}/ws/visitor`,
          site,
          token,
          conversationId: null,
          openSocket: (to) => new WebSocket(to, { origin }),
          ...rest,
        }),
      ),
    agentClient: ({ cookie, ...rest }) =>
      kept(
        createAgentClient({
          url: `${url}/ws/agent`,
          openSocket: (to) => new WebSocket(to, { origin, headers: { cookie } }),
          ...rest,
        }),
      ),
    raw(path, headers = {}) {
      const socket = new WebSocket(`${url}${path}`, { headers });
      closers.push(() => socket.terminate());
      return socket;
    },
    async close() {
      for (const close of closers) close();
      await sockets.close();
      await live.close();
      await server.close();
    },
  };
}

/** A site to talk on. */
export async function addSite(database: Database, id = 'default'): Promise<void> {
  await database.execute('insert into site (id, name) values ($1, $1) on conflict do nothing', [id]);
}

type Nothing = null | undefined | false;

function isThere<Value>(value: Value): value is Exclude<Value, Nothing> {
  return value !== null && value !== undefined && value !== false;
}

/** Resolves as soon as `read` gives something; fails with what `describe` says after a while. */
export async function until<Value>(
  read: () => Value | Promise<Value>,
  describe: () => unknown = () => '',
): Promise<Exclude<Value, Nothing>> {
  const deadline = Date.now() + 15_000;
  for (;;) {
    const value = await read();
    if (isThere(value)) return value;
    if (Date.now() > deadline) throw new Error(`Waited in vain. ${JSON.stringify(describe())}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
