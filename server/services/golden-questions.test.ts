import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBuiltinEmbedder } from '../adapters/embedder/builtin.ts';
import type { Database } from '../ports.ts';
import { listJudged } from '../store/answer-judgement.ts';
import { insertSite } from '../store/site.ts';
import { createTestDatabase } from '../testing/database.ts';
import { fakeClock, sequentialIds, serveWith, silentLogger } from '../testing/deps.ts';
import { addDocument, newDocument } from '../testing/knowledge.ts';
import { createAnswerQuality } from './answer-quality.ts';
import { createAnswerService } from './answer.ts';
import { createGoldenQuestions } from './golden-questions.ts';
import { createPassageIndex } from './passage-index.ts';
import { createRetrieve } from './retrieve.ts';

let db: Database;
const clock = fakeClock();
const ids = sequentialIds();
const embedder = createBuiltinEmbedder();
const { signal } = new AbortController();

beforeAll(async () => {
  db = await createTestDatabase();
  for (const id of ['shop', 'other']) {
    await insertSite(db, { id, name: id, settings: {}, createdAt: new Date(0) });
  }
  const index = createPassageIndex({ embedder, logger: silentLogger });
  await addDocument(
    db,
    index,
    'shop',
    newDocument(
      'delivery',
      ['Standard delivery takes four working days. Express delivery costs nine euros.'],
      {
        title: 'Delivery',
      },
    ),
  );
});
afterAll(() => db.close());

function service() {
  const quality = createAnswerQuality({ db, clock });
  const deps = { db, clock, ids, logger: silentLogger, quality };
  const retrieve = createRetrieve({ ...deps, embedders: serveWith(embedder) });
  const answers = createAnswerService({ ...deps, retrieve, chatModel: null });
  return { golden: createGoldenQuestions({ ...deps, answers }), quality };
}

describe('golden questions', () => {
  it('come from CSV with or without a head, and replace those of the same text', async () => {
    const { golden } = service();
    const csv =
      'question,expected\n"How long does standard delivery take?","four working days"\nWho won the cup?,\n';
    expect(await golden.importCsv('shop', csv)).toMatchObject([
      { question: 'How long does standard delivery take?', expected: 'four working days', isRight: null },
      { question: 'Who won the cup?', expected: null },
    ]);
    const [changed] = await golden.importCsv('shop', 'How long does standard delivery take?;4 days');
    expect(changed).toMatchObject({ expected: '4 days' });
    expect(await golden.list('shop')).toHaveLength(2);
    expect(await golden.list('other')).toEqual([]);
    await expect(golden.importCsv('shop', ' \n')).rejects.toMatchObject({ code: 'invalid-request' });
  });

  it('are judged by what they expect, and calibrate the site', async () => {
    const { golden, quality } = service();
    const before = (await quality.calibration('shop')).count;
    const all = await golden.importCsv(
      'shop',
      'How long does standard delivery take?,Four working days\nWhat does express delivery cost?,twelve euros',
    );
    const idOf = (start: string) => all.find(({ question }) => question.startsWith(start))?.id ?? '';
    const first = await golden.run('shop', idOf('How long'), signal);
    expect(first.question.isRight).toBe(true);
    const second = await golden.run('shop', idOf('What does'), signal);
    expect(second.question.isRight).toBe(false);
    expect((await quality.calibration('shop')).count).toBe(before + 2);
    expect((await listJudged(db, 'shop', 10)).map(({ isRight }) => isRight).toSorted()).toEqual([
      false,
      true,
    ]);
    expect((await golden.list('shop')).map(({ isRight }) => isRight)).toContain(true);
  });

  it('that nothing answers come out right when a person is called', async () => {
    const { golden } = service();
    const [question] = await golden.add('other', [{ question: 'Where is the moon?', expected: null }]);
    const { question: after, answer } = await golden.run('other', question?.id ?? '', signal);
    expect(answer.decision).toBe('handoff');
    expect(after.isRight).toBe(true);
  });

  it('belong to their site', async () => {
    const { golden } = service();
    const [question] = await golden.list('shop');
    const id = question?.id ?? '';
    await expect(golden.run('other', id, signal)).rejects.toMatchObject({ code: 'not-found' });
    await expect(golden.remove('other', id)).rejects.toMatchObject({ code: 'not-found' });
    await golden.remove('shop', id);
    expect((await golden.list('shop')).map((each) => each.id)).not.toContain(id);
  });
});
