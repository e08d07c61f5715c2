import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../ports.ts';
import type { Live } from '../../services/live.ts';
import { systemIds } from '../../system.ts';
import { createTestDatabase } from '../../testing/database.ts';
import { greet, listenRaw } from '../../testing/socket-raw.ts';
import type { RawFrame, RawSocket } from '../../testing/socket-raw.ts';
import { addSite, createSocketStack } from '../../testing/socket-stack.ts';
import type { SocketStack } from '../../testing/socket-stack.ts';

let database: Database;
let stack: SocketStack;
let live: Live;
let token: string;
let cookie: string;

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
  stack = await createSocketStack(database);
  ({ live } = stack);
  ({ token } = await stack.openVisitor());
  ({ cookie } = await stack.addAgent('Ada'));
});
afterAll(async () => {
  await stack?.close();
  await database?.close();
});

const uuid = () => systemIds.uuid();
const ids = () => ({ clientId: uuid(), conversationId: uuid() });

async function enterAsVisitor(): Promise<RawSocket> {
  const raw = listenRaw(stack.raw('/ws/visitor', { origin: stack.origin }));
  await greet(raw, token);
  return raw;
}

async function enterAsAgent(): Promise<RawSocket> {
  const raw = listenRaw(stack.raw('/ws/agent', { origin: stack.origin, cookie }));
  await raw.status;
  raw.send({ type: 'hello', protocol: 1 });
  await raw.next((frame) => frame.type === 'inbox');
  return raw;
}

const boom = () => {
  throw new Error('boom');
};

const brokenMethods: (() => unknown)[] = [boom, async () => boom()];
const brokenFeeds = [boom, () => ({ start: async () => boom(), stop() {} })];

/** Runs `work` while one method of `owner` fails: throws at once, then rejects. */
async function whileBroken<Owner extends object>(
  owner: Owner,
  method: keyof Owner & string,
  work: () => Promise<void>,
  ways = brokenMethods,
): Promise<void> {
  const whole: unknown = Reflect.get(owner, method);
  for (const broken of ways) {
    Reflect.set(owner, method, broken);
    await work().finally(() => Reflect.set(owner, method, whole));
  }
}

/** Sends a frame whose handler fails, and sees what became of it. */
async function expectRefused(raw: RawSocket, frame: object, answer: 'nack' | 'error'): Promise<void> {
  raw.frames.length = 0;
  raw.send(frame);
  const refused: RawFrame = await raw.next((got) => got.type === answer);
  expect(refused).toMatchObject({ code: 'internal' });
  expect(JSON.stringify(refused)).not.toContain('boom');
  raw.send({ type: 'ping' });
  await raw.next((got) => got.type === 'pong');
}

describe('G4 a handler that fails refuses its own frame, and the connection goes on', () => {
  const signal = { conversationId: uuid() };
  const visitorCases = (): [keyof Live['converse'], object, 'nack' | 'error'][] => [
    ['send', { type: 'message-send', ...ids(), text: 'x' }, 'nack'],
    ['requestPerson', { type: 'handoff-request', ...ids() }, 'nack'],
    ['stopAnswer', { type: 'answer-stop', ...signal, turnId: uuid() }, 'error'],
    ['markSeen', { type: 'seen-mark', ...signal, seq: 1 }, 'error'],
  ];
  test.each(visitorCases())('G4 a visitor: %s', async (method, frame, answer) => {
    const raw = await enterAsVisitor();
    await whileBroken(live.converse, method, () => expectRefused(raw, frame, answer));
  });

  const agentCases = (): [keyof Live['handoff'], object, 'nack' | 'error'][] => [
    ['reply', { type: 'message-send', ...ids(), text: 'x' }, 'nack'],
    ['take', { type: 'conversation-take', ...ids() }, 'nack'],
    ['handBack', { type: 'conversation-return', ...ids() }, 'nack'],
    ['resolve', { type: 'conversation-resolve', ...ids() }, 'nack'],
    ['markSeen', { type: 'seen-mark', ...signal, seq: 1 }, 'error'],
  ];
  test.each(agentCases())('G4 an agent: %s', async (method, frame, answer) => {
    const raw = await enterAsAgent();
    await whileBroken(live.handoff, method, () => expectRefused(raw, frame, answer));
  });

  test('G4 both: following a log', async () => {
    const resume = { type: 'resume', conversationId: uuid(), epoch: null, after: 0 };
    for (const raw of [await enterAsVisitor(), await enterAsAgent()]) {
      await whileBroken(live, 'feed', () => expectRefused(raw, resume, 'error'), brokenFeeds);
    }
  });

  test('G4 hello: the connection is closed as one that may come back, and the next is served', async () => {
    await whileBroken(live.converse, 'openConversation', async () => {
      const raw = listenRaw(stack.raw('/ws/visitor', { origin: stack.origin }));
      await raw.status;
      raw.send({ type: 'hello', protocol: 1, site: 'default', token });
      expect(await raw.closed).toEqual({ code: 1013, reason: 'unavailable' });
    });
    await enterAsVisitor();
    await whileBroken(live.inbox, 'snapshot', async () => {
      const raw = listenRaw(stack.raw('/ws/agent', { origin: stack.origin, cookie }));
      await raw.status;
      raw.send({ type: 'hello', protocol: 1 });
      expect((await raw.closed).code).toBe(1013);
    });
    await enterAsAgent();
  });
});
