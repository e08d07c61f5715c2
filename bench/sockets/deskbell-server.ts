import type { Server } from 'node:http';
import { createRedisBus } from '../../server/adapters/bus/redis-bus.ts';
import { createPostgresDatabase } from '../../server/adapters/db/postgres.ts';
import { createLive } from '../../server/services/live.ts';
import type { AnswerSource } from '../../server/services/turn-runner.ts';
import { createVisitorSessions } from '../../server/services/visitor-session.ts';
import { silentLogger as logger } from '../../server/testing/deps.ts';
import { finalAnswer } from '../../server/testing/socket-answers.ts';
import { systemClock as clock, systemIds as ids } from '../../server/system.ts';
import { untilBegin } from './begin.ts';
import { wait } from './load.ts';
import { createSocketServer } from '../../server/transports/ws/socket-server.ts';

interface Settings {
  DATABASE_URL: string;
  REDIS_URL: string;
  TOKENS: number;
  TOKEN_MS: number;
  LIMITS: 'none' | 'product';
}

/** One instance of the live side as the product wires it, with answers at a given pace, without limits unless told. */
export async function createDeskbellServer(server: Server, settings: Settings) {
  const db = createPostgresDatabase({ url: settings.DATABASE_URL, logger });
  const bus = createRedisBus(settings.REDIS_URL, logger, 'bench');
  const common = { db, bus, ids, clock, logger };
  const live = createLive({ ...common, answers: createPacedAnswers(settings), maxAnswers: 1_000 });
  const most = { burst: 1e9, perSecond: 1e9 };
  const all = { person: most, address: most, site: most };
  const sockets = createSocketServer({
    ...common,
    live,
    access: { authenticateSession: async () => null },
    visitorSessions: createVisitorSessions(common),
    publicUrl: 'http://bench.example',
    ...(settings.LIMITS === 'product'
      ? {}
      : {
          visitorLimits: { frames: most, resumes: most, signals: most },
          allowances: { connect: most, message: all, resume: all, signal: all },
        }),
  });
  server.on('upgrade', (request, socket, head) => sockets.handleUpgrade(request, socket, head));
  await live.start();
  await sockets.start();
  return sockets;
}

/** Questions that begin with `stream` get an answer in pieces, all others a person. */
function createPacedAnswers({ TOKENS, TOKEN_MS }: Settings): AnswerSource {
  async function* answer({ question, signal }: Parameters<AnswerSource['answer']>[0]) {
    const count = question.startsWith('stream') ? TOKENS : 0;
    if (count > 0) await wait(untilBegin(question));
    for (let sent = 0; sent < count; sent += 1) {
      await wait(TOKEN_MS);
      signal.throwIfAborted();
      yield { type: 'delta', text: 'token ' } as const;
    }
    const handoff = { decision: 'handoff', handoffReason: 'low-confidence' } as const;
    const final = { ...finalAnswer('token '.repeat(count)), ...(count === 0 ? handoff : {}) };
    yield { type: 'final', answer: final } as const;
  }
  return { answer };
}
