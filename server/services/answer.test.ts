import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { findAnswer } from '../store/answer.ts';
import {
  createAnswerBench,
  finds,
  passage,
  shipping,
  weak,
  type AnswerBench,
} from '../testing/answer-bench.ts';
import type { Retrieve } from './answer.ts';
import type { Database } from '../ports.ts';
import { insertSite } from '../store/site.ts';
import { createTestDatabase } from '../testing/database.ts';

let db: Database;
let bench: AnswerBench;
const ask: AnswerBench['ask'] = (question, options) => bench.ask(question, options);

beforeAll(async () => {
  db = await createTestDatabase();
  await insertSite(db, { id: 'shop', name: 'Shop', settings: {}, createdAt: new Date(0) });
  bench = createAnswerBench(db);
});
afterEach(() => bench.close());
afterAll(() => db.close());

describe('the built-in answerer', () => {
  it('quotes the page word for word, with a citation', async () => {
    const { final, streamed } = await ask('How much does express shipping cost?');
    expect(streamed).toBe(final.text);
    expect(final.text).toMatch(/^From our pages:\n\n.*Express shipping costs 12 euros\..* \[1\]$/su);
    expect(final).toMatchObject({ decision: 'answer', handoffReason: null, isQuoted: true, language: 'en' });
    expect(final.citations).toMatchObject([
      { marker: 1, documentId: 'shipping', url: 'https://shop.test/shipping' },
    ]);
    expect(shipping.text).toContain(final.citations[0]?.quote);
  });

  it('says so in the visitor’s language', async () => {
    const { final } = await ask('Wie lange dauert der Versand?', {
      retrieve: finds([passage('Der Versand dauert drei Tage.', { language: 'de' })]),
    });
    expect(final.language).toBe('de');
    expect(final.text).toBe('Von unseren Seiten:\n\nDer Versand dauert drei Tage. [1]');
  });

  it('stores the answer with all that led to it, the page of a PDF too', async () => {
    const question = 'How much does express shipping cost?';
    const { final } = await ask(question, { retrieve: finds([{ ...shipping, url: null, page: 3 }]) });
    expect(await findAnswer(db, 'shop', final.answerId)).toMatchObject({
      ...{ question, text: final.text, status: 'complete', decision: 'answer' },
      confidence: expect.closeTo(final.confidence, 5),
      reasons: final.reasons,
      passages: [{ documentId: 'shipping', text: shipping.text }],
      citations: [{ marker: 1, url: null, page: 3 }],
      model: null,
    });
    expect(await findAnswer(db, 'another', final.answerId)).toBeNull();
  });
});

describe('an owner’s question and answer', () => {
  const pair = (title: string, documentId: number) =>
    passage('Returns are free for 60 days.', { externalId: 'qa:s:1', title, documentId });

  async function addPair(): Promise<number> {
    const [row] = await db.query(
      `insert into document (site_id, external_id, title, text, content_hash)
       values ('shop', 'qa:s:1', 'Are returns free?', 'Returns are free for 60 days. Keep the receipt.', 'h')
       on conflict (site_id, external_id) do update set title = excluded.title returning id`,
      [],
      z.object({ id: z.number() }),
    );
    return row?.id ?? 0;
  }

  it('wins over everything else, the model too', async () => {
    const retrieve = finds([shipping, pair('Are returns free?', await addPair())], weak);
    const { final } = await ask('are returns FREE', { retrieve, reply: () => 'never' });
    expect(final).toMatchObject({ decision: 'answer', isQuoted: true });
    expect(final.text).toBe('Returns are free for 60 days. Keep the receipt. [1]');
    expect(final.citations).toMatchObject([{ marker: 1, documentId: 'qa:s:1' }]);
    expect(bench.server()?.requests).toHaveLength(0);
  });

  it.each(['Are returns not free?', 'Are returns free of charge?', 'How are returns free?'])(
    'is not given to another question: %s',
    async (question) => {
      const retrieve = finds([pair('Are returns free?', await addPair())]);
      const { final } = await ask(question, { retrieve });
      expect(final.reasons.map(({ code }) => code)).not.toContain('owners-answer');
    },
  );

  it('is not given once it is deleted', async () => {
    await db.execute(`delete from document where external_id = 'qa:s:1'`);
    const { final } = await ask('Are returns free?', {
      retrieve: finds([pair('Are returns free?', 999_999)]),
    });
    expect(final.reasons.map(({ code }) => code)).not.toContain('owners-answer');
  });

  it('is given although the search did not find it', async () => {
    await addPair();
    const { final } = await ask('are returns free', { retrieve: finds([]) });
    expect(final.reasons.map(({ code }) => code)).toContain('owners-answer');
    expect(final.decision).toBe('answer');
  });
});

describe('handing off', () => {
  it('asks a person when the pages fit badly, and claims nothing', async () => {
    const { final, streamed } = await ask('Can I pay with seashells?', { retrieve: finds([shipping], weak) });
    expect(final).toMatchObject({ decision: 'handoff', handoffReason: 'low-confidence', citations: [] });
    expect(streamed).toBe(final.text);
    expect(final.text).not.toContain('shipping');
    expect(final.passages).toHaveLength(1);
  });

  it('asks a person when nothing was found', async () => {
    await db.execute(
      `insert into document (site_id, external_id, title, text, content_hash) values ('shop', 'd', 't', 'x', 'h')`,
    );
    await db.execute(
      `insert into passage (site_id, document_id, position, heading_path, char_start, char_end, text, content_hash)
       select 'shop', id, 0, '{}', 0, 1, 'x', 'h' from document`,
    );
    const { final } = await ask('Do you sell tents?', { retrieve: finds([]) });
    expect(final).toMatchObject({ decision: 'handoff', handoffReason: 'nothing-found', confidence: 0 });
    expect(final.text).toContain('could not find');
  });

  it('says that a site without content has none', async () => {
    await insertSite(db, { id: 'empty', name: 'Empty', settings: {}, createdAt: new Date(0) });
    const { final } = await ask('Do you sell tents?', { siteId: 'empty', retrieve: finds([]) });
    expect(final).toMatchObject({ decision: 'handoff', handoffReason: 'nothing-found' });
    expect(final.text).toContain('no content yet');
  });

  it.each(['Can I talk to a human please?', 'Ich möchte mit einem Mitarbeiter sprechen', 'agent'])(
    'does as the visitor asks: %s',
    async (question) => {
      const { final, steps } = await ask(question);
      expect(final).toMatchObject({ decision: 'handoff', handoffReason: 'visitor-asked' });
      expect(steps).toEqual([]);
    },
  );

  it('follows the threshold that the owner chose', async () => {
    await insertSite(db, {
      id: 'strict',
      name: 'S',
      settings: { handoffThreshold: 1 },
      createdAt: new Date(0),
    });
    const { final } = await ask('How much does express shipping cost?', { siteId: 'strict' });
    expect(final).toMatchObject({ decision: 'handoff', handoffReason: 'low-confidence', citations: [] });
  });
});

it('answers politeness without searching or handing off', async () => {
  const never: Retrieve = () => Promise.reject(new Error('searched'));
  for (const question of ['Hello!', 'Vielen Dank', 'bye', 'ok thanks']) {
    const { final } = await ask(question, { retrieve: never });
    expect(final).toMatchObject({ decision: 'answer', confidence: 1, citations: [] });
  }
});

it('refuses a site that does not exist', async () => {
  await expect(ask('Hi there, where?', { siteId: 'nowhere' })).rejects.toMatchObject({ code: 'not-found' });
});
