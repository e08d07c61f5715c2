import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBuiltinEmbedder } from '../server/adapters/embedder/builtin.ts';
import { createAnswerService } from '../server/services/answer.ts';
import { createRetrieve } from '../server/services/retrieve.ts';
import { createSynonyms } from '../server/services/synonyms.ts';
import { systemClock, systemIds } from '../server/system.ts';
import { serveWith, silentLogger } from '../server/testing/deps.ts';
import { createWorkbench, type Workbench } from '../server/testing/ingest.ts';

const alias = 'Do you have a kennel for my dachshund?';
const lines = (repairs: string) =>
  [
    {
      id: 'pets',
      title: 'Guests with animals',
      text: 'Small animals are welcome in the annex for nine euros a night.',
    },
    { id: 'repairs', title: 'Repairs', text: repairs },
    { id: 'parking', title: 'Parking', text: 'A place in the yard costs five euros a day.' },
  ]
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');

let bench: Workbench;

beforeAll(async () => {
  bench = await createWorkbench();
  await read('Worn boots get a new sole for 55 euros.');
});
afterAll(() => bench.close());

async function read(repairs: string): Promise<void> {
  await bench.sources.createDocuments('shop', 'Pages', Readable.from([Buffer.from(lines(repairs))]));
  await bench.work();
}

function tools() {
  const deps = { db: bench.db, clock: systemClock, ids: systemIds, logger: silentLogger };
  const retrieve = createRetrieve({ ...deps, embedders: serveWith(createBuiltinEmbedder()) });
  return { ...deps, retrieve, answers: createAnswerService({ ...deps, retrieve, chatModel: null }) };
}

const setQuestions = (externalId: string, questions: readonly string[]) =>
  bench.documents.setQuestions({ siteId: 'shop', externalId }, questions);

async function ask(question: string) {
  const request = { siteId: 'shop', question, history: [], conversationId: null, turnId: null };
  for await (const item of tools().answers.answer({ ...request, signal: new AbortController().signal })) {
    if (item.type === 'final') return item.answer;
  }
  throw new Error('no answer');
}

describe('other ways to ask for a document', () => {
  it('find it, and let it be answered from, as soon as the owner says them', async () => {
    expect((await ask(alias)).decision).toBe('handoff');
    expect((await setQuestions('pets', [alias, alias])).questions).toEqual([alias]);
    const { passages } = await tools().retrieve({ siteId: 'shop', query: alias, k: 2, history: [] });
    expect(passages[0]?.externalId).toBe('pets');
    expect(passages[0]?.cosine).toBeGreaterThan(passages[1]?.cosine ?? 0);
    const answer = await ask(alias);
    expect(answer.decision).toBe('answer');
    expect(answer.text).toContain('nine euros');
    expect(answer.text).not.toContain('dachshund');
  });

  it('stay when the document is read again, changed, or gone and back', async () => {
    await setQuestions('repairs', [alias]);
    await setQuestions('pets', []);
    await read('Worn boots get a new sole for 60 euros, on two days of the week.');
    expect((await bench.documents.get('shop', 'repairs')).questions).toEqual([alias]);
    expect((await ask(alias)).citations[0]?.documentId).toBe('repairs');
    await bench.documents.remove('shop', 'repairs');
    expect((await ask(alias)).decision).toBe('handoff');
    await read('Worn boots get a new sole for 60 euros, on two days of the week.');
    expect((await ask(alias)).citations[0]?.documentId).toBe('repairs');
    await setQuestions('repairs', []);
    expect((await ask(alias)).decision).toBe('handoff');
  });

  it('of a document that is not there are refused', async () => {
    await expect(setQuestions('nowhere', [alias])).rejects.toMatchObject({
      code: 'not-found',
    });
  });
});

it('quotes in the owner’s words where the question has others', async () => {
  const question = 'What does your cobbler charge for boots?';
  const before = await ask(question);
  expect(before.decision).toBe('handoff');
  await createSynonyms(tools()).add('shop', { words: ['cobbler charge'], means: ['new sole'] });
  const after = await ask(question);
  expect(after.decision).toBe('answer');
  expect(after.text).toContain('60 euros');
});
