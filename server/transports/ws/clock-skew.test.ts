import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Database } from '../../ports.ts';
import type { AgentClient, VisitorClient } from '../../protocol/client.ts';
import { createTestDatabase } from '../../testing/database.ts';
import { addSite, createSocketStack, until } from '../../testing/socket-stack.ts';
import type { SocketStack } from '../../testing/socket-stack.ts';

/** Clients whose clocks are hours wrong: order is by number, pauses are by timer, so nothing of it may show. */
let database: Database;
let stack: SocketStack;

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
  stack = await createSocketStack(database, { timings: { typingLifeMs: 300 } });
});
afterAll(async () => {
  await stack?.close();
  await database?.close();
});

const hoursMs = 3_600_000;
const messages = (client: VisitorClient | AgentClient) =>
  (client.getSnapshot().thread?.entries ?? []).flatMap((entry) => (entry.kind === 'message' ? [entry] : []));
const texts = (client: VisitorClient | AgentClient) => messages(client).map(({ text }) => text);

test.each([
  ['MSG-1 SIG-1 RES-1', -30],
  ['MSG-1 SIG-1 RES-1', 30],
])(
  '%s a client whose clock is %d hours off talks, types, reads and comes back like any other',
  async (_rules, hours) => {
    const lines: WebSocket[] = [];
    const visitor = stack.visitorClient({
      ...(await stack.openVisitor()),
      now: () => Date.now() + hours * hoursMs,
      random: () => 0.01,
      openSocket: (to) => {
        const line = new WebSocket(to, { origin: stack.origin });
        lines.push(line);
        return line;
      },
    });
    const desk = stack.agentClient(await stack.addAgent('Ada'));
    visitor.connect();
    desk.connect();
    visitor.send('first');
    visitor.requestPerson();
    const id = await until(
      () => visitor.getSnapshot().thread?.isLoaded && visitor.getSnapshot().thread?.conversationId,
    );
    desk.open(id);
    desk.take();
    await until(() => desk.getSnapshot().thread?.state === 'human');

    visitor.setTyping('I write');
    await until(() => desk.getSnapshot().thread?.typing?.role === 'visitor');
    await until(() => desk.getSnapshot().thread?.typing === null);
    desk.send('second');
    await until(() => texts(visitor).includes('second'));
    const at = Date.parse(messages(visitor).at(-1)?.at ?? '');
    expect(Math.abs(at - Date.now())).toBeLessThan(hoursMs);
    visitor.markSeen(visitor.getSnapshot().thread?.lastSeq ?? 0);
    await until(() => messages(desk).at(-1)?.outgoing?.status === 'seen');

    for (const line of lines) line.terminate();
    await until(() => visitor.getSnapshot().connection.status !== 'online');
    visitor.send('third');
    desk.send('fourth');
    await until(() => texts(visitor).length === 4 && messages(visitor).every(({ seq }) => seq !== null));
    await until(() => texts(desk).length === 4);
    expect(texts(visitor)).toEqual(texts(desk));
    expect(texts(visitor).slice(0, 2)).toEqual(['first', 'second']);
  },
);
