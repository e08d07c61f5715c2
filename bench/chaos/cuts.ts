import { createVisitorClient } from '../../server/protocol/client.ts';
import { errorMessage } from '../../server/errors.ts';
import type { Database } from '../../server/ports.ts';
import type { SocketStack } from '../../server/testing/socket-stack.ts';
import { until } from '../../server/testing/socket-stack.ts';
import { openSocket, origin } from './actors.ts';
import { startCutProxy } from './cut-proxy.ts';
import type { CutProxy, Direction } from './cut-proxy.ts';
import { createJournal, watchSocket } from './journal.ts';
import type { Journal } from './journal.ts';

export type Carrier = 'websocket' | 'stream';

export interface CutOptions {
  database: Database;
  /** Made with `publicUrl: origin` and without limits. */
  stack: SocketStack;
  carrier: Carrier;
  /** 1: every byte offset. */
  stride: number;
  /** Trials at the same time. */
  lanes: number;
}

export interface CutResult {
  carrier: Carrier;
  /** Bytes of the whole exchange, from the first of the connection to the message's ack and event. */
  up: number;
  down: number;
  trials: number;
  cuts: number;
  faults: string[];
}

/** Cuts the line at the byte offsets of a send and ack exchange, in both directions, one trial for each. */
export async function runCuts(options: CutOptions): Promise<CutResult> {
  const { carrier, stride, lanes } = options;
  const whole = await attempt(options, `${carrier}-whole`, null);
  const { up, down } = whole.passed;
  const plan: { direction: Direction; afterBytes: number }[] = [];
  for (const [direction, bytes] of Object.entries({ up, down } satisfies Record<Direction, number>)) {
    for (let afterBytes = 0; afterBytes <= bytes; afterBytes += stride) {
      plan.push({ direction: direction === 'up' ? 'up' : 'down', afterBytes });
    }
  }
  const faults: string[] = [...whole.faults];
  let cuts = 0;
  let next = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let index = next++; index < plan.length; index = next++) {
        const cut = plan[index];
        if (cut === undefined) return;
        const result = await attempt(options, `${carrier}-${cut.direction}-${String(cut.afterBytes)}`, cut);
        faults.push(...result.faults);
        if (result.hasCut) cuts += 1;
      }
    }),
  );
  return { carrier, up, down, trials: plan.length, cuts, faults };
}

/** One visitor says one thing on a line that is cut once; gives what was wrong afterwards. */
async function attempt(
  { database, stack, carrier }: CutOptions,
  text: string,
  cut: { direction: Direction; afterBytes: number } | null,
) {
  const proxy: CutProxy = await startCutProxy(Number(new URL(stack.origin).port), cut);
  const journal = createJournal(text);
  const { token } = await stack.openVisitor();
  const url = `ws://127.0.0.1:${String(proxy.port)}`;
  const client = createVisitorClient({
    url: `${url}/ws/visitor`,
    site: 'default',
    token,
    conversationId: null,
    random: () => 0.02,
    openSocket: (to) => watchSocket(openSocket(to, carrier, {}), journal),
  });
  client.connect();
  client.send(text);
  const shown = () =>
    (client.getSnapshot().thread?.entries ?? []).filter((entry) => entry.kind === 'message');
  try {
    await until(
      () => shown().some((entry) => entry.outgoing?.status === 'delivered') && journal.acked.size > 0,
    );
    const passed = { ...proxy.passed };
    const faults = await judge(database, journal, text);
    if (shown().length !== 1) faults.push(`screen: ${text} is shown ${String(shown().length)} times`);
    return { passed, faults, hasCut: proxy.hasCut() };
  } catch (error) {
    const found = `${client.getSnapshot().connection.status}, ${String(journal.acked.size)} acks, ${JSON.stringify(shown().map((entry) => entry.outgoing))}`;
    const faults = [`lost: ${text} never arrived: ${found} (${errorMessage(error)})`];
    return { passed: { up: 0, down: 0 }, faults, hasCut: proxy.hasCut() };
  } finally {
    client.close();
    proxy.close();
  }
}

/** Kept once, under the number that every ack named, in a log without gaps. */
async function judge(database: Database, journal: Journal, text: string): Promise<string[]> {
  const kept = await database.execute("select 1 from event where body->>'text' = $1", [text]);
  const faults =
    kept === 1 ? [] : [`${kept === 0 ? 'lost' : 'duplicate'}: ${text} is kept ${String(kept)} times`];
  for (const [clientId, acks] of journal.acked) {
    for (const { conversationId, seq } of acks) {
      const found = await database.execute(
        'select 1 from event where conversation_id = $1 and client_id = $2 and seq = $3',
        [conversationId, clientId, seq],
      );
      if (found !== 1) faults.push(`ack: ${text} was told ${String(seq)}`);
    }
  }
  return [...faults, ...journal.disorder.map((fault) => `disorder: ${fault}`)];
}

/** The stack that `runCuts` wants. */
export const cutStackOptions = (() => {
  const most = { burst: 1e6, perSecond: 1e6 };
  const everyone = { person: most, address: most, site: most };
  const allowances = { connect: most, message: everyone, resume: everyone, signal: everyone };
  return { publicUrl: origin, allowances };
})();
