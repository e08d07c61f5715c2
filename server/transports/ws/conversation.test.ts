import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../ports.ts';
import type { Thread, ThreadMessage, VisitorClient } from '../../protocol/client.ts';
import { createTestDatabase } from '../../testing/database.ts';
import { addSite, createSocketStack, until } from '../../testing/socket-stack.ts';
import type { SocketStack } from '../../testing/socket-stack.ts';

let database: Database;
let stack: SocketStack;

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
  stack = await createSocketStack(database);
});
afterAll(async () => {
  await stack?.close();
  await database?.close();
});

const messages = (thread: Thread | null): ThreadMessage[] =>
  (thread?.entries ?? []).filter((entry) => entry.kind === 'message');
const texts = (client: { getSnapshot(): { thread: Thread | null } }): string[] =>
  messages(client.getSnapshot().thread).map((message) => `${message.author.role}: ${message.text}`);

async function begin(question: string): Promise<{ visitor: VisitorClient; token: string; id: string }> {
  const { token } = await stack.openVisitor();
  const visitor = stack.visitorClient({ token });
  visitor.connect();
  visitor.send(question);
  const id = await until(() => {
    const { thread } = visitor.getSnapshot();
    return thread !== null && thread.lastSeq >= 2 && thread.turn !== null && thread.conversationId;
  });
  await until(() => turnOf(id));
  return { visitor, token, id };
}

const turnOf = (conversationId: string) =>
  stack.answers.turns.findLast((turn) => turn.request.conversationId === conversationId) ?? null;

describe('a conversation over sockets', () => {
  test('MSG-1 TRN-3 a question is shown at once, acknowledged after commit, answered in pieces, and ends as one message', async () => {
    const { visitor, id } = await begin('Where is my parcel?');
    const turn = await until(() => turnOf(id));
    expect(turn.request).toMatchObject({ question: 'Where is my parcel?', history: [], siteId: 'default' });
    turn.step('reading');
    await until(() => visitor.getSnapshot().thread?.turn?.step === 'reading');
    turn.say('It is ');
    turn.say('on its way. [1]');
    await until(() => texts(visitor).includes('ai: It is on its way. [1]'));
    const key = messages(visitor.getSnapshot().thread).at(-1)?.key;
    turn.finish();
    const done = await until(() =>
      messages(visitor.getSnapshot().thread).find((m) => m.author.role === 'ai' && m.status === 'complete'),
    );
    expect(done.key).toBe(key);
    expect(done.answer).toMatchObject({ decision: 'answer', reasons: [] });
    await until(() => visitor.getSnapshot().thread?.turn === null);
    expect(texts(visitor)).toEqual(['visitor: Where is my parcel?', 'ai: It is on its way. [1]']);
    expect(messages(visitor.getSnapshot().thread)[0]?.outgoing?.status).toBe('delivered');
  });

  test('MSG-1 an answer that the model broke off is marked so, and is charged to its visitor', async () => {
    const { visitor, id } = await begin('How do I fold a tent?');
    const turn = turnOf(id);
    expect(turn?.request.visitorId).toEqual(expect.stringMatching(/^[0-9a-f-]{36}$/));
    turn?.say('Lay it flat and');
    turn?.finish({ status: 'incomplete' });
    await until(() => messages(visitor.getSnapshot().thread).some((m) => m.status === 'incomplete'));
  });

  test('HND-1 an answer that should not stand alone hands off: notice for the visitor, packet for agents only', async () => {
    const agent = await stack.addAgent('Ada');
    const desk = stack.agentClient(agent);
    desk.connect();
    const { visitor, id } = await begin('Can I get a refund in gold?');
    turnOf(id)?.finish({ decision: 'handoff', handoffReason: 'low-confidence', confidence: 0.1, text: '' });
    await until(() => visitor.getSnapshot().thread?.state === 'waiting');
    const line = await until(() =>
      desk.getSnapshot().inbox.find((c) => c.conversationId === id && c.state === 'waiting'),
    );
    expect(line).toMatchObject({ handoffReason: 'low-confidence', preview: 'Can I get a refund in gold?' });
    desk.open(id);
    const notice = await until(() => desk.getSnapshot().thread?.entries.find((e) => e.kind === 'notice'));
    expect(notice).toMatchObject({
      notice: {
        packet: {
          question: 'Can I get a refund in gold?',
          confidence: 0.1,
          passages: [{ title: 'Secret passage' }],
        },
      },
    });
    const own = visitor.getSnapshot().thread?.entries.find((e) => e.kind === 'notice');
    expect(own).toMatchObject({ notice: { type: 'handoff-requested', packet: null } });
    expect(JSON.stringify(visitor.getSnapshot())).not.toContain('Secret passage');
  });

  test('HND-2 from the takeover on the AI writes nothing: the text so far stays, marked as stopped', async () => {
    const agent = await stack.addAgent('Bo');
    const desk = stack.agentClient(agent);
    desk.connect();
    const { visitor, id } = await begin('Tell me everything');
    const turn = await until(() => turnOf(id));
    turn.say('Once upon ');
    await until(() => texts(visitor).includes('ai: Once upon '));
    desk.open(id);
    await until(() => desk.getSnapshot().thread?.isLoaded);
    expect(texts(desk)).toContain('ai: Once upon ');
    desk.take();
    await until(() => visitor.getSnapshot().thread?.state === 'human');
    turn.say('a time');
    turn.finish();
    desk.send('Hello, this is Bo.');
    await until(() => texts(visitor).includes('agent: Hello, this is Bo.'));
    expect(texts(visitor)).toEqual([
      'visitor: Tell me everything',
      'ai: Once upon ',
      'agent: Hello, this is Bo.',
    ]);
    expect(messages(visitor.getSnapshot().thread)[1]?.status).toBe('stopped');
    expect(visitor.getSnapshot().thread?.agentName).toBe('Bo');
    visitor.send('Hi Bo');
    await until(() => texts(desk).includes('visitor: Hi Bo'));
    expect(stack.answers.turns.filter((t) => t.request.conversationId === id)).toHaveLength(1);
    desk.handBack();
    await until(() => visitor.getSnapshot().thread?.state === 'ai');
    visitor.send('And now?');
    await until(() => turnOf(id)?.request.question === 'And now?');
    desk.resolve();
    await until(() => desk.getSnapshot().problem?.code === 'not-taken');
  });

  test('two agents take one conversation: one gets it, the other is told', async () => {
    const first = stack.agentClient(await stack.addAgent('One'));
    const second = stack.agentClient(await stack.addAgent('Two'));
    const { visitor, id } = await begin('Anyone?');
    visitor.requestPerson();
    await until(() => visitor.getSnapshot().thread?.state === 'waiting');
    for (const desk of [first, second]) {
      desk.connect();
      await until(() => desk.getSnapshot().connection.status === 'online');
      desk.open(id);
      await until(() => desk.getSnapshot().thread?.isLoaded);
    }
    first.take();
    second.take();
    await until(() => [first, second].some((desk) => desk.getSnapshot().problem !== null));
    const problems = [first, second].map((desk) => desk.getSnapshot().problem?.code ?? null);
    expect(problems.filter((code) => code === 'already-taken')).toHaveLength(1);
    expect(problems.filter((code) => code === null)).toHaveLength(1);
  });

  test('typing is shown to the other side and ends with the message; seen marks arrive', async () => {
    const desk = stack.agentClient(await stack.addAgent('Cy'));
    desk.connect();
    const { visitor, id } = await begin('Hello?');
    await until(() => desk.getSnapshot().connection.status === 'online');
    desk.open(id);
    await until(() => desk.getSnapshot().thread?.isLoaded);
    desk.take();
    await until(() => desk.getSnapshot().thread?.state === 'human');
    desk.setTyping(true);
    await until(() => visitor.getSnapshot().thread?.typing?.name === 'Cy');
    desk.send('I am here.');
    await until(
      () => texts(visitor).includes('agent: I am here.') && visitor.getSnapshot().thread?.typing === null,
    );
    visitor.markSeen(visitor.getSnapshot().thread?.lastSeq ?? 0);
    await until(() => messages(desk.getSnapshot().thread).at(-1)?.outgoing?.status === 'seen');
  });

  test('the visitor stops an answer; what was written stays', async () => {
    const { visitor, id } = await begin('Long story please');
    turnOf(id)?.say('It was a dark');
    await until(() => texts(visitor).includes('ai: It was a dark'));
    visitor.stopAnswer();
    await until(() => messages(visitor.getSnapshot().thread).at(-1)?.status === 'stopped');
    expect(visitor.getSnapshot().thread).toMatchObject({ state: 'ai', turn: null });
  });

  test('a model that fails calls a person and keeps the broken text as incomplete', async () => {
    const { visitor, id } = await begin('Will it break?');
    turnOf(id)?.say('It may');
    await until(() => texts(visitor).includes('ai: It may'));
    turnOf(id)?.fail(new Error('gone'));
    await until(() => visitor.getSnapshot().thread?.state === 'waiting');
    expect(messages(visitor.getSnapshot().thread).at(-1)).toMatchObject({
      text: 'It may',
      status: 'incomplete',
    });
  });

  test('a resolved conversation opens again with the next message', async () => {
    const desk = stack.agentClient(await stack.addAgent('Di'));
    desk.connect();
    const { visitor, id } = await begin('First matter');
    await until(() => desk.getSnapshot().connection.status === 'online');
    desk.open(id);
    await until(() => desk.getSnapshot().thread?.isLoaded);
    desk.take();
    await until(() => desk.getSnapshot().thread?.state === 'human');
    desk.resolve();
    await until(() => visitor.getSnapshot().thread?.state === 'resolved');
    visitor.send('One more thing');
    await until(() => visitor.getSnapshot().thread?.state === 'ai');
    await until(() => turnOf(id)?.request.question === 'One more thing');
  });

  test('RES-1 a second tab in the middle of an answer gets the text so far and what follows', async () => {
    const { visitor, token, id } = await begin('Count to three');
    turnOf(id)?.say('one ');
    await until(() => texts(visitor).includes('ai: one '));
    const second = stack.visitorClient({ token });
    second.connect();
    await until(() => texts(second).includes('ai: one '));
    turnOf(id)?.say('two ');
    turnOf(id)?.finish();
    await until(() =>
      [visitor, second].every((tab) => messages(tab.getSnapshot().thread).at(-1)?.status === 'complete'),
    );
    expect(texts(second)).toEqual(texts(visitor));
    expect(messages(second.getSnapshot().thread).map((m) => m.key).length).toBe(2);
  });
});
