import { describe, expect, it } from 'vitest';
import { createScriptedApi } from '../testing/scripted-api.ts';
import { Playground } from './playground.svelte.ts';

const result = {
  answer: 'Two days [1].',
  language: 'en',
  decision: 'answer',
  confidence: 0.9,
  reasons: [],
  citations: [],
  isQuoted: true,
  timings: { retrieve: 8 },
};
const event = (name: string, data: unknown) => ({ event: name, data: JSON.stringify(data) });

const create = () => {
  const api = createScriptedApi();
  let nowMs = 0;
  const playground = new Playground(api, 'demo', () => (nowMs += 10));
  return { api, playground };
};

describe('Playground', () => {
  it('gathers words, result, passages and times of a question', async () => {
    const { api, playground } = create();
    api.answer('/sites/demo/answers?explain=1', [
      event('step', { step: 'searching' }),
      event('delta', { text: 'Two ' }),
      event('delta', { text: 'days [1].' }),
      event('final', result),
    ]);
    await playground.ask(' How long? ');
    expect(playground.trials).toEqual([
      {
        id: 1,
        question: 'How long?',
        step: null,
        text: 'Two days [1].',
        result,
        problem: null,
        isRunning: false,
        firstWordMs: 10,
        totalMs: 20,
      },
    ]);
  });

  it('sends earlier turns along, unless told not to', async () => {
    const { api, playground } = create();
    api.answer('/sites/demo/answers?explain=1', [event('final', result)]);
    await playground.ask('How long?');
    await playground.ask('And abroad?');
    playground.isFollowUp = false;
    await playground.ask('Alone');
    const history = [
      { role: 'user', text: 'How long?' },
      { role: 'agent', text: 'Two days [1].' },
    ];
    const sent = api.calls.filter((call) => call.startsWith('STREAM'));
    expect(sent[1]).toContain(JSON.stringify(history));
    expect(sent[2]).toContain('"history":[]');
  });

  it('says what went wrong when the stream ends in an error', async () => {
    const { api, playground } = create();
    const problem = {
      type: 'x',
      title: 'No',
      status: 503,
      code: 'busy',
      detail: 'Too busy.',
      fix: 'Wait a minute.',
    };
    api.answer('/sites/demo/answers?explain=1', [event('error', problem)]);
    await playground.ask('How long?');
    expect(playground.trials[0]?.problem).toEqual({ message: 'Too busy.', fix: 'Wait a minute.' });
    expect(playground.isRunning).toBe(false);
  });
});
