import { expect, it } from 'vitest';
import type { IndexBuild } from '../../server/protocol/http-knowledge.ts';
import { describeBuild, embedderName, explainBuild, paceOf } from './index-build.ts';

const build: IndexBuild = {
  embedder: 'openai:bge-m3:1024@http://models.example/v1',
  dimensions: 1024,
  state: 'embedding',
  done: 1200,
  total: 9000,
  perSecond: 40,
  secondsLeft: 195,
  ann: null,
  begunAt: '2026-03-10T11:00:00.000Z',
  reason: null,
  fix: null,
  retryAt: null,
};

it.each([
  ['builtin-1-384', 'the built-in model'],
  ['openai:text-embedding-3-small:1536', 'text-embedding-3-small'],
  ['openai:org/model:v2:768@http://models.example:8080/v1', 'org/model:v2 on models.example:8080'],
  ['something-else', 'something-else'],
])('calls %s %s', (id, name) => {
  expect(embedderName(id)).toBe(name);
});

it('says how far a build is, how fast, and how long the rest takes', () => {
  expect(describeBuild(build)).toBe(`${(1200).toLocaleString()} of ${(9000).toLocaleString()} passages`);
  expect(paceOf(build)).toBe('40.0 per second, about 3 minutes left');
  expect(paceOf({ ...build, secondsLeft: 0.3 })).toContain('about 1 second left');
  expect(paceOf({ ...build, secondsLeft: 9000 })).toContain('about 3 hours left');
  expect(paceOf({ ...build, perSecond: null, secondsLeft: null })).toBeNull();
  expect(describeBuild({ ...build, state: 'waiting' })).toContain('Waiting');
  expect(describeBuild({ ...build, state: 'indexing', done: 9000 })).toContain('index is being made');
  const indexing = { ...build, state: 'indexing', done: 9000 } as const;
  expect(describeBuild({ ...indexing, ann: { phase: 'loading tuples', share: 0.428 } })).toMatch(
    /being made, 42 %$/,
  );
  expect(describeBuild({ ...indexing, ann: { phase: 'initializing', share: null } })).toMatch(/being made$/);
});

it('says what search does meanwhile', () => {
  const live = { embedder: 'builtin-1-384', dimensions: 384 };
  expect(explainBuild(build, live)).toBe(
    'All passages are being read by bge-m3 on models.example. Until it has them all, search uses the built-in model; nothing is missing meanwhile.',
  );
  expect(explainBuild({ ...build, state: 'failed' }, null)).toMatch(
    /to be read by .* search goes by words alone/,
  );
});
