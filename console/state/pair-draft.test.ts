import { expect, it } from 'vitest';
import { ApiError } from '../api.ts';
import { createScriptedApi } from '../testing/scripted-api.ts';
import { PairDraft } from './pair-draft.svelte.ts';

const path = '/sites/demo/sources/list/pairs/Open%20on%2024%2F12%3F';
const place = { siteId: 'demo', sourceId: 'list', pairId: 'Open on 24/12?' };
const pair = {
  id: place.pairId,
  question: 'Open on Sundays?',
  answer: 'From **ten**.',
  alternatives: ['Sunday hours', 'At weekends?'],
  url: null,
};

async function open() {
  const api = createScriptedApi();
  api.answer(path, pair);
  const draft = new PairDraft(api, place);
  await draft.load();
  return { api, draft };
}

it('begins from the pair as it was written, and sends what is there then', async () => {
  const { api, draft } = await open();
  expect([draft.question, draft.answer, draft.alternatives]).toEqual([
    pair.question,
    pair.answer,
    'Sunday hours\nAt weekends?',
  ]);
  draft.answer = 'From eleven.';
  draft.alternatives = ' Sunday hours \n\nOn holidays?';
  await draft.form.submit(async () => void (await draft.save()));
  expect(draft.form.problem).toBeNull();
  expect(api.calls.at(-1)).toBe(
    `PATCH ${path} {"question":"Open on Sundays?","answer":"From eleven.","alternatives":["Sunday hours","On holidays?"]}`,
  );
});

it('keeps what is typed when it is refused, and says why at its place', async () => {
  const { api, draft } = await open();
  draft.answer = 'From eleven.';
  api.answer(
    path,
    new ApiError({ code: 'conflict', status: 409, message: 'Another has it.', fix: 'Reword.' }),
  );
  expect(await draft.form.submit(async () => void (await draft.save()))).toBe(false);
  expect(draft.form.problem).toEqual({ message: 'Another has it.', fix: 'Reword.' });
  const fields = { 'alternatives.1': 'It is too long.' };
  api.answer(path, new ApiError({ code: 'invalid-request', status: 400, message: 'No.', fields }));
  await draft.form.submit(async () => void (await draft.save()));
  expect(draft.alternativesError).toBe('It is too long.');
  expect(draft.answer).toBe('From eleven.');
});

it('says what became of a pair that is gone, and tries again', async () => {
  const api = createScriptedApi();
  const draft = new PairDraft(api, place);
  await draft.load();
  expect(draft.loading.state.status).toBe('failed');
  api.answer(path, pair);
  await draft.load();
  expect(draft.question).toBe(pair.question);
});
