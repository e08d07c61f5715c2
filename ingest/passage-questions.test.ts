import { Readable } from 'node:stream';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createBuiltinEmbedder } from '../server/adapters/embedder/builtin.ts';
import { createAnswerService } from '../server/services/answer.ts';
import { createRetrieve } from '../server/services/retrieve.ts';
import { systemClock, systemIds } from '../server/system.ts';
import { serveWith, silentLogger } from '../server/testing/deps.ts';
import { createWorkbench, type Workbench } from '../server/testing/ingest.ts';

const alias = 'Do you have a kennel for my dachshund?';
const sections = {
  Animals: 'Small guests on four legs are welcome in the annex for nine euros a night.',
  Boats: 'Rowing boats lie at the jetty and may be taken until dusk.',
  Breakfast: 'Breakfast is laid out from seven to ten in the winter garden.',
};
const pageOf = (given: Record<string, string>) =>
  Object.entries(given)
    .map(([heading, text]) => `## ${heading}\n\n${text}`)
    .join('\n\n');

const benches: Workbench[] = [];
let bench: Workbench;

beforeEach(async () => {
  bench = await createWorkbench();
  benches.push(bench);
  await read(sections);
});
afterAll(async () => {
  for (const each of benches) await each.close();
});

async function read(given: Record<string, string>): Promise<void> {
  const lines = [
    { id: 'house', title: 'Our house', markdown: `# Our house\n\n${pageOf(given)}` },
    { id: 'parking', title: 'Parking', text: 'A place in the yard costs five euros a day.' },
  ].map((line) => `${JSON.stringify(line)}\n`);
  await bench.sources.createDocuments('shop', 'Pages', Readable.from([Buffer.from(lines.join(''))]));
  await bench.work();
}

const view = () => bench.documents.get('shop', 'house');
const under = async (heading: string) => {
  const found = (await view()).passages.find(({ headingPath }) => headingPath.at(-1) === heading);
  if (found === undefined) throw new Error(`no passage under ${heading}`);
  return found;
};
const askOf = async (heading: string, questions: readonly string[]) => {
  const place = { siteId: 'shop', externalId: 'house', passageId: (await under(heading)).id };
  return bench.documents.setQuestions(place, questions);
};

function search(query: string) {
  const deps = { db: bench.db, clock: systemClock, ids: systemIds, logger: silentLogger };
  const retrieve = createRetrieve({ ...deps, embedders: serveWith(createBuiltinEmbedder()) });
  const answers = createAnswerService({ ...deps, retrieve, chatModel: null });
  return { found: () => retrieve({ siteId: 'shop', query, k: 4, history: [] }), answers };
}

async function answerTo(question: string) {
  const request = { siteId: 'shop', question, history: [], conversationId: null, turnId: null };
  for await (const item of search(question).answers.answer({
    ...request,
    signal: new AbortController().signal,
  })) {
    if (item.type === 'final') return item.answer;
  }
  throw new Error('no answer');
}

describe('a way to ask for one passage', () => {
  it('puts its weight on that passage alone, and is answered from it', async () => {
    expect((await answerTo(alias)).decision).toBe('handoff');
    const stored = await askOf('Animals', [alias]);
    expect(stored.questions).toEqual([]);
    expect(stored.passages.flatMap(({ questions }) => questions)).toEqual([alias]);

    const { passages } = await search(alias).found();
    expect(passages[0]?.headingPath.at(-1)).toBe('Animals');
    const [first, ...others] = passages;
    const highest = (key: 'score' | 'lexicalScore' | 'cosine') =>
      Math.max(...others.map((passage) => passage[key] ?? 0));
    expect(first?.score).toBeGreaterThan(2 * highest('score'));
    expect(first?.cosine).toBeGreaterThan(2 * highest('cosine'));
    expect(others.flatMap(({ aliases = [] }) => aliases)).toEqual([]);

    const answer = await answerTo(alias);
    expect(answer.decision).toBe('answer');
    expect(answer.text).toContain('nine euros');
    expect(answer.text).not.toMatch(/dachshund|boats|Breakfast/);
  });

  it('leaves the other passages of the document in the index as they are', async () => {
    const idOf = async (heading: string) => (await under(heading)).id;
    const before = [await idOf('Boats'), await idOf('Breakfast'), await idOf('Animals')];
    await askOf('Animals', [alias]);
    const after = [await idOf('Boats'), await idOf('Breakfast'), await idOf('Animals')];
    expect(after.slice(0, 2)).toEqual(before.slice(0, 2));
    expect(after[2]).not.toBe(before[2]);
  });

  it('follows the passage when the document is read again: other words, other place', async () => {
    await askOf('Animals', [alias]);
    const { Animals: _, ...rest } = sections;
    await read({
      Winter: 'In winter the house is closed.',
      ...rest,
      Animals: 'Dogs: ten euros, in the annex.',
    });
    expect((await under('Animals')).questions).toEqual([alias]);
    expect((await view()).astray).toEqual([]);
    expect((await answerTo(alias)).text).toContain('ten euros');
  });

  it('leads to the document when the passage is gone, says so, and comes back with it', async () => {
    await askOf('Animals', [alias]);
    const { Animals: _, ...rest } = sections;
    await read(rest);
    expect(await view()).toMatchObject({ questions: [alias], astray: [alias] });
    expect((await search(alias).found()).passages[0]?.externalId).toBe('house');
    await read(sections);
    expect(await view()).toMatchObject({ questions: [], astray: [] });
    expect((await under('Animals')).questions).toEqual([alias]);
  });

  it('is carried to another site, and waits there for its document', async () => {
    await askOf('Animals', [alias]);
    const carried = await bench.documents.questions.list('shop');
    expect(carried).toMatchObject([{ document: 'house', question: alias }]);
    await askOf('Animals', []);
    await bench.documents.remove('shop', 'house');
    expect(await bench.documents.questions.take('shop', carried)).toEqual({ stored: 0, waiting: 1 });
    await read(sections);
    expect((await under('Animals')).questions).toEqual([alias]);
    expect((await answerTo(alias)).decision).toBe('answer');
    const more = [{ document: 'house', question: 'Where can I row?', place: null }];
    expect(await bench.documents.questions.take('shop', more)).toEqual({ stored: 1, waiting: 0 });
    expect(await view()).toMatchObject({ questions: ['Where can I row?'] });
    expect((await under('Animals')).questions).toEqual([alias]);
  });

  it('goes out as CSV and comes back', async () => {
    await askOf('Animals', [alias]);
    const csv = await bench.documents.questions.listCsv('shop');
    await askOf('Animals', []);
    expect(await bench.documents.questions.takeCsv('shop', csv)).toEqual({ stored: 1, waiting: 0 });
    expect((await under('Animals')).questions).toEqual([alias]);
    expect((await answerTo(alias)).decision).toBe('answer');
    await askOf('Animals', []);
  });

  it('is stored with all others of its file or not at all, fifty for a place at most', async () => {
    const { id: _id, headingPath, text } = await under('Animals');
    const place = { headingPath, text };
    const many = (document: string, count: number, of: typeof place | null = place) =>
      Array.from({ length: count }, (_, at) => {
        return { document, question: `Way ${String(at)} to ask for ${document}`, place: of };
      });
    const { questions } = bench.documents;
    const refused = { code: 'too-large', message: expect.stringContaining('"house"') };
    await expect(
      questions.take('shop', [...many('later', 2, null), ...many('house', 51)]),
    ).rejects.toMatchObject(refused);
    expect(await questions.list('shop')).toEqual([]);
    await expect(questions.take('shop', many('later', 51))).rejects.toMatchObject({ code: 'too-large' });
    // the one that waits is refused after the other was written
    await expect(questions.take('shop', [...many('house', 2), ...many('later', 51)])).rejects.toMatchObject({
      code: 'too-large',
    });
    expect(await questions.list('shop')).toEqual([]);
    expect(await questions.take('shop', [...many('later', 2, null), ...many('house', 50)])).toEqual({
      stored: 50,
      waiting: 2,
    });
    await expect(
      questions.take('shop', [{ document: 'house', question: 'And one more?', place }]),
    ).rejects.toThrow();
    expect((await under('Animals')).questions).toHaveLength(50);
    await askOf('Animals', []);
  });

  it('is forgotten at once when it is taken away', async () => {
    await askOf('Animals', [alias]);
    await askOf('Animals', []);
    expect((await answerTo(alias)).decision).toBe('handoff');
  });

  it('of a passage that is not there is refused, and nothing changes', async () => {
    await askOf('Animals', [alias]);
    const place = { siteId: 'shop', externalId: 'house', passageId: '0' };
    await expect(bench.documents.setQuestions(place, ['x?'])).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('passage'),
    });
    expect((await under('Animals')).questions).toEqual([alias]);
  });
});
