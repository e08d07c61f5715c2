import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../ports.ts';
import type { VisitorClient } from '../../protocol/client.ts';
import { listJudged } from '../../store/answer-judgement.ts';
import { insertAnswer } from '../../store/answer.ts';
import { createTestDatabase } from '../../testing/database.ts';
import { finalAnswer } from '../../testing/http-app.ts';
import { addSite, createSocketStack, until, type SocketStack } from '../../testing/socket-stack.ts';
import { createIds, systemClock } from '../../system.ts';

let database: Database;
let stack: SocketStack;
const ids = createIds(systemClock);

beforeAll(async () => {
  database = await createTestDatabase();
  await addSite(database);
  stack = await createSocketStack(database);
});
afterAll(async () => {
  await stack?.close();
  await database?.close();
});

async function begin(): Promise<{ visitor: VisitorClient; conversationId: string }> {
  const { token } = await stack.openVisitor();
  const visitor = stack.visitorClient({ token });
  visitor.connect();
  visitor.send('Where is my parcel?');
  const conversationId = await until(() => {
    const { thread } = visitor.getSnapshot();
    return thread !== null && thread.lastSeq >= 1 && thread.conversationId;
  });
  return { visitor, conversationId };
}

async function addAnswer(conversationId: string, confidenceLogit: number): Promise<string> {
  const id = ids.uuid();
  await insertAnswer(database, {
    ...finalAnswer(),
    id,
    siteId: 'default',
    conversationId,
    turnId: null,
    question: 'q',
    standaloneQuestion: 'q',
    intent: 'question',
    status: 'complete',
    confidenceLogit,
    model: null,
    promptVersion: null,
    inputTokens: null,
    outputTokens: null,
    caught: [],
    cost: null,
    createdAt: new Date(),
  });
  return id;
}

const judged = () => listJudged(database, 'default', 100);

describe("a visitor's word on an answer", () => {
  test('JDG-1 is kept, and a later word replaces it', async () => {
    const { visitor, conversationId } = await begin();
    const answerId = await addAnswer(conversationId, 1.25);
    visitor.judgeAnswer(answerId, true);
    await until(async () => (await judged()).some((each) => each.logit === 1.25 && each.isRight));
    visitor.judgeAnswer(answerId, false);
    await until(async () => (await judged()).some((each) => each.logit === 1.25 && !each.isRight));
    expect(await judged()).toHaveLength(1);
  });

  test("JDG-2 counts only for answers of the visitor's own conversation", async () => {
    const mine = await begin();
    const other = await begin();
    const foreign = await addAnswer(other.conversationId, -2.5);
    const own = await addAnswer(mine.conversationId, 2.5);
    mine.visitor.judgeAnswer(foreign, true);
    mine.visitor.judgeAnswer(own, true);
    // frames of one connection are handled in order: the first one has been dealt with by then
    await until(async () => (await judged()).some(({ logit }) => logit === 2.5));
    expect((await judged()).some(({ logit }) => logit === -2.5)).toBe(false);
  });
});
