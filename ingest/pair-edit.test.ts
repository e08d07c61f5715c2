import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBuiltinEmbedder } from '../server/adapters/embedder/builtin.ts';
import { createAnswerService } from '../server/services/answer.ts';
import { createRetrieve } from '../server/services/retrieve.ts';
import { systemClock, systemIds } from '../server/system.ts';
import { serveWith, silentLogger } from '../server/testing/deps.ts';
import { createWorkbench, type Workbench } from '../server/testing/ingest.ts';

let bench: Workbench;
let sourceId: string;
const siteId = 'shop';
const hours = 'When are you open on Sundays?';
const kennel = 'Is there a kennel for my dachshund?';
const place = (locator: string) => ({ siteId, sourceId, locator });
const pairOf = (question: string, answer: string, alternatives: string[] = []) => {
  return { question, answer, alternatives };
};

beforeAll(async () => {
  bench = await createWorkbench();
  sourceId = await bench.sources.createQa(siteId, {
    type: 'qa',
    pairs: [
      pairOf(hours, 'From **ten to four**.', ['Sunday hours of the shop']),
      pairOf('Do you repair tents?', 'Yes, within a week.'),
      pairOf('Where can I park?', 'In the yard behind the house.'),
    ],
  });
  await bench.work();
});
afterAll(() => bench.close());

function tools() {
  const deps = { db: bench.db, clock: systemClock, ids: systemIds, logger: silentLogger };
  const retrieve = createRetrieve({ ...deps, embedders: serveWith(createBuiltinEmbedder()) });
  return { retrieve, answers: createAnswerService({ ...deps, retrieve, chatModel: null }) };
}

async function ask(question: string) {
  const request = { siteId, question, history: [], conversationId: null, turnId: null };
  for await (const item of tools().answers.answer({ ...request, signal: new AbortController().signal })) {
    if (item.type === 'final') return item.answer;
  }
  throw new Error('no answer');
}

async function found(query: string): Promise<string> {
  const { passages } = await tools().retrieve({ siteId, query, k: 10, history: [] });
  return passages.map(({ title, text }) => `${title} ${text}`).join('\n');
}

const row = async (locator: string) =>
  (await bench.sources.get(siteId, sourceId)).items.find(({ id }) => id === locator);

it('gives the changed answer at once, finds nothing of the former one, and keeps other ways to ask', async () => {
  const documentId = (await row(hours))?.documentId ?? '';
  await bench.documents.setQuestions({ siteId, externalId: documentId }, [kennel]);
  expect((await ask(hours)).text).toContain('ten to four');
  expect((await bench.documents.get(siteId, documentId)).pair).toEqual({ sourceId, pairId: hours });
  const changed = await bench.pairs.update(place(hours), { answer: 'From eleven to **six**.' });
  expect(changed).toMatchObject({ question: hours, alternatives: ['Sunday hours of the shop'] });
  for (const question of [hours, 'Sunday hours of the shop', kennel]) {
    const { decision, text, citations } = await ask(question);
    expect({ question, decision }).toEqual({ question, decision: 'answer' });
    expect(text).toContain('eleven to');
    expect(citations[0]?.documentId).toBe(documentId);
  }
  expect(await found('ten to four')).not.toContain('ten to four');
  expect(await row(hours)).toMatchObject({ state: 'indexed', documentId });
});

it('stays when the list is read again, by the same reader and by another', async () => {
  await bench.pairs.update(place(hours), { question: 'Are you open on a Sunday?', answer: 'Until seven.' });
  expect(await found(hours)).not.toContain(hours);
  for (const reader of ['', 'another']) {
    await bench.db.execute('update source_item set read_by = $2 where source_id = $1', [sourceId, reader]);
    await bench.sources.rerun(siteId, sourceId);
    await bench.work();
    expect((await bench.pairs.get(place(hours))).answer).toBe('Until seven.');
    expect(await row(hours)).toMatchObject({ state: 'unchanged', title: 'Are you open on a Sunday?' });
    expect((await ask('Are you open on a Sunday?')).text).toContain('Until seven');
    expect((await ask(kennel)).text).toContain('Until seven');
  }
});

it('is refused where it would harm another, and says what to do', async () => {
  const update = (locator: string, change: Parameters<typeof bench.pairs.update>[1]) =>
    bench.pairs.update(place(locator), change);
  await expect(update('Where can I park?', { question: 'Do you repair tents?' })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('Another pair'),
  });
  await expect(update('Who?', { answer: 'Nobody.' })).rejects.toMatchObject({ code: 'not-found' });
  await expect(update('Where can I park?', { answer: '<!-- -->' })).rejects.toMatchObject({
    code: 'invalid-request',
    message: 'There is no text in the answer.',
  });
  await expect(bench.pairs.get({ ...place('Where can I park?'), siteId: 'another' })).rejects.toMatchObject({
    code: 'not-found',
  });
  expect((await ask('Where can I park?')).text).toContain('In the yard');
});

it('of two at once the second is told, and nothing is overwritten unseen', async () => {
  const texts = ['On the roof of the house.', 'In the lane beside it.'];
  const settled = await Promise.allSettled(
    texts.map((answer) => bench.pairs.update(place('Where can I park?'), { answer })),
  );
  expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  const refused = settled.find((each) => each.status === 'rejected');
  expect(refused?.reason).toMatchObject({ code: 'conflict', message: expect.stringContaining('same time') });
  const kept = settled.find((each) => each.status === 'fulfilled')?.value.answer;
  expect((await bench.pairs.get(place('Where can I park?'))).answer).toBe(kept);
});

it('waits for a reading that has the former text in hand', async () => {
  await bench.db.execute(`update source_item set state = 'found' where source_id = $1`, [sourceId]);
  await expect(bench.pairs.update(place(hours), { answer: 'Never.' })).rejects.toMatchObject({
    code: 'conflict',
    fix: expect.stringContaining('when the reading of its list is over'),
  });
});
