import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { createRedisBus } from '../../server/adapters/bus/redis-bus.ts';
import { createPostgresDatabase } from '../../server/adapters/db/postgres.ts';
import { createLive } from '../../server/services/live.ts';
import type { AnswerSource } from '../../server/services/turn-runner.ts';
import { createVisitorSessions } from '../../server/services/visitor-session.ts';
import { silentLogger as logger } from '../../server/testing/deps.ts';
import { finalAnswer } from '../../server/testing/socket-answers.ts';
import { systemClock as clock, systemIds as ids } from '../../server/system.ts';
import { createSocketServer } from '../../server/transports/ws/socket-server.ts';

/** The server under load, `deskbell` or a `bare` ws server that only sends back; says what it used when asked. */
const {
  MODE = 'bare',
  PORT = '0',
  DATABASE_URL = '',
  REDIS_URL = '',
  TOKENS = '40',
  TOKEN_MS = '10',
} = process.env;
const server = createServer({ keepAliveTimeout: 60_000 });
if (MODE === 'bare') serveBare();
else await serveDeskbell();
server.listen({ port: Number(PORT), host: '127.0.0.1', backlog: 4096 }, () => {
  const address = server.address();
  process.send?.({ type: 'ready', port: typeof address === 'object' ? address?.port : 0 });
});
process.on('message', () => {
  globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  process.send?.({ type: 'usage', rss: process.memoryUsage.rss(), cpuMs: (user + system) / 1000 });
});

/** Echoes; to `stream` it answers with as many frames as an answer has tokens, at the same pace. */
function serveBare(): void {
  const wss = new WebSocketServer({ server, perMessageDeflate: false });
  wss.on('connection', (socket) => {
    socket.on('message', (data) => {
      const text = data.toString();
      if (!text.startsWith('{"type":"stream"')) return socket.send(text);
      let sent = 0;
      const timer = setInterval(() => {
        socket.send(
          JSON.stringify({
            type: 'answer-delta',
            conversationId: ids.uuid(),
            turnId: ids.uuid(),
            offset: sent * 6,
            text: 'token ',
          }),
        );
        sent += 1;
        if (sent < Number(TOKENS)) return;
        clearInterval(timer);
        socket.send('{"type":"done"}');
      }, Number(TOKEN_MS));
    });
  });
}

async function serveDeskbell(): Promise<void> {
  const db = createPostgresDatabase({ url: DATABASE_URL, logger, poolSize: 20 });
  const bus = createRedisBus(REDIS_URL, logger, 'bench');
  const common = { db, bus, ids, clock, logger };
  const live = createLive({ ...common, answers: { answer } });
  const most = { burst: 1e9, perSecond: 1e9 };
  const sockets = createSocketServer({
    ...common,
    live,
    access: { authenticateSession: async () => null },
    visitorSessions: createVisitorSessions(common),
    publicUrl: 'http://bench.example',
    visitorLimits: { frames: most, resumes: most, signals: most },
    messageAllowances: { person: most, address: most, site: most },
  });
  server.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head));
  await live.start();
  await sockets.start();
}

async function* answer({ question, signal }: Parameters<AnswerSource['answer']>[0]) {
  const count = question.startsWith('stream') ? Number(TOKENS) : 0;
  for (let sent = 0; sent < count; sent += 1) {
    await new Promise((resolve) => setTimeout(resolve, Number(TOKEN_MS)));
    signal.throwIfAborted();
    yield { type: 'delta', text: 'token ' } as const;
  }
  const handoff = { decision: 'handoff', handoffReason: 'low-confidence' } as const;
  yield {
    type: 'final',
    answer: { ...finalAnswer('token '.repeat(count)), ...(count === 0 ? handoff : {}) },
  } as const;
}
