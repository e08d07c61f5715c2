import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBuiltinEmbedder } from '../adapters/embedder/builtin.ts';
import type { FinalAnswer } from '../domain/answer.ts';
import type { Database } from '../ports.ts';
import type { HistoryTurn } from '../protocol/entities.ts';
import { listAnswers } from '../store/answer.ts';
import { insertSite } from '../store/site.ts';
import { createTestDatabase } from '../testing/database.ts';
import { fakeClock, sequentialIds, serveWith, silentLogger } from '../testing/deps.ts';
import { addDocument, newDocument } from '../testing/knowledge.ts';
import { createAnswerService } from './answer.ts';
import { createPassageIndex } from './passage-index.ts';
import { createRetrieve } from './retrieve.ts';

let db: Database;
const embedder = createBuiltinEmbedder();
const shared = { clock: fakeClock(), ids: sequentialIds(), logger: silentLogger };

beforeAll(async () => {
  db = await createTestDatabase();
  for (const id of ['shop', 'bare']) {
    await insertSite(db, { id, name: id, settings: {}, createdAt: new Date(0) });
  }
  const index = createPassageIndex({ embedder, logger: silentLogger });
  const pages = [
    ['Delivery times', 'Standard delivery takes four working days after the parcel has left the warehouse.'],
    ['Delivery abroad', 'Parcels abroad need nine working days. Delivery to islands costs more.'],
    ['Gift cards', 'A gift card is valid for five years and comes by e-mail.'],
  ] as const;
  for (const [title, text] of pages) {
    await addDocument(db, index, 'shop', newDocument(title, [text], { title }));
  }
});
afterAll(() => db.close());

async function ask(
  question: string,
  history: readonly HistoryTurn[] = [],
  siteId = 'shop',
): Promise<FinalAnswer> {
  const retrieve = createRetrieve({ db, embedders: serveWith(embedder), ...shared });
  const { answer } = createAnswerService({ db, retrieve, chatModel: null, ...shared });
  const { signal } = new AbortController();
  for await (const part of answer({
    siteId,
    question,
    history,
    conversationId: null,
    turnId: null,
    signal,
  })) {
    if (part.type === 'final') return part.answer;
  }
  throw new Error('no final answer');
}

describe('asking back', () => {
  it('offers the topics of the site where the question has no content, and keeps them with the answer', async () => {
    const final = await ask('Hi, I need help with your site');
    expect(final).toMatchObject({ decision: 'clarify', handoffReason: null, citations: [] });
    expect(final.choices?.toSorted()).toEqual(['Delivery abroad', 'Delivery times', 'Gift cards']);
    expect(final.text).toMatch(/\?$/u);
    expect((await listAnswers(db, 'shop', 1))[0]).toMatchObject({
      decision: 'clarify',
      choices: final.choices,
    });
  });

  it('speaks the language of the visitor', async () => {
    const final = await ask('Ich habe eine Frage');
    expect(final).toMatchObject({ decision: 'clarify', language: 'de' });
    expect(final.text).toContain('Themen');
  });

  it('offers the pages that a word alone fits about equally well, and answers the one chosen', async () => {
    const final = await ask('delivery');
    expect(final.decision).toBe('clarify');
    expect(final.choices?.toSorted()).toEqual(['Delivery abroad', 'Delivery times']);
    const history = [
      { role: 'user', text: 'delivery' },
      { role: 'agent', text: final.text },
    ] as const;
    expect((await ask('Delivery abroad', history)).decision).not.toBe('clarify');
  });

  it('TRN-7 does so once in a row', async () => {
    const first = await ask('I have a question');
    const history = [
      { role: 'user', text: 'I have a question' },
      { role: 'agent', text: first.text },
    ] as const;
    expect((await ask('I need some help', history)).decision).toBe('handoff');
  });

  it('answers what is clear, and calls a person where there is nothing to choose from', async () => {
    expect((await ask('How long does standard delivery take?')).decision).toBe('answer');
    expect(await ask('I need help', [], 'bare')).toMatchObject({
      decision: 'handoff',
      handoffReason: 'nothing-found',
    });
  });
});
