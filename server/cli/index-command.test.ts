import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import type { IndexBuild, IndexStatus } from '../protocol/http-knowledge.ts';
import type { Api } from './api.ts';
import { indexCommand, buildLine } from './commands/index-status.ts';
import { createOutput } from './output.ts';

const build: IndexBuild = {
  embedder: 'openai:m:8',
  dimensions: 8,
  state: 'embedding',
  done: 30,
  total: 120,
  perSecond: 4.5,
  secondsLeft: 20,
  ann: null,
  begunAt: '2026-03-10T11:00:00.000Z',
  reason: null,
  fix: null,
  retryAt: null,
};
const live = { embedder: 'builtin-1-384', dimensions: 384 };

/** Runs the command against a server that gives these one after the other, the last for ever. */
async function run(options: Record<string, string | boolean>, ...answers: IndexStatus[]) {
  const written = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({ write: (text: string) => (written[name] += text) });
  const out = createOutput({ stdout: sink('stdout'), stderr: sink('stderr'), hasColor: false });
  const paths: string[] = [];
  const refuse = () => Promise.reject(new Error('only reads'));
  const api: Api = {
    endpoint: { url: 'http://localhost', key: 'k' },
    get: (path, schema) => {
      paths.push(path);
      return Promise.resolve(schema.parse(answers.length > 1 ? answers.shift() : answers[0]));
    },
    send: refuse,
    remove: refuse,
    stream: refuse,
    upload: refuse,
    events: () => {
      throw new Error('only reads');
    },
  };
  const code = await indexCommand.run({
    ...{ args: [], options, out, stdin: Readable.from([]) },
    api: () => Promise.resolve(api),
  });
  return { code, paths, ...written };
}

it('says what search reads, and how far a build is', async () => {
  const still = await run({ site: 'shop' }, { live, build: null });
  expect(still).toMatchObject({ code: 0, paths: ['/sites/shop/index'] });
  expect(still.stdout).toBe('Search reads vectors of builtin-1-384 (384 numbers each).\n');
  expect((await run({}, { live: null, build: null })).stdout).toBe('Nothing is indexed yet.\n');
  expect((await run({}, { live, build })).stdout).toMatch(
    /openai:m:8 are being made beside them:\n {2}█{6}░{18} 30 of 120 passages, 4\.5\/s, about 20 s left\n$/,
  );
  expect(JSON.parse((await run({ json: true }, { live, build })).stdout)).toEqual({ live, build });
});

it('follows a build to its end', async () => {
  const done = { live: { embedder: 'openai:m:8', dimensions: 8 }, build: null };
  const followed = await run({ watch: true }, { live, build }, { live, build }, done);
  expect([followed.code, followed.paths.length]).toEqual([0, 3]);
  expect(followed.stdout).toContain('Search reads vectors of openai:m:8');
});

it('ends with 1 where it broke off, with the reason and what to do', async () => {
  const failed: IndexBuild = {
    ...build,
    ...{ state: 'failed', perSecond: null, secondsLeft: null },
    ...{ reason: 'It gave zeros.', fix: 'Mend it.', retryAt: '2026-03-10T11:05:00.000Z' },
  };
  const { code, stdout } = await run({ watch: true }, { live, build }, { live, build: failed });
  expect(code).toBe(1);
  expect(stdout).toMatch(/broke off: It gave zeros\.\n {2}Tried again at 2026.*\n {2}Mend it\.\n$/);
});

it('has a line for each state', () => {
  expect(buildLine({ ...build, state: 'waiting' })).toContain('waiting for a worker');
  expect(buildLine({ ...build, state: 'indexing', done: 120 })).toContain('all 120 passages');
  const indexing = { ...build, state: 'indexing', done: 120 } as const;
  expect(buildLine({ ...indexing, ann: { phase: 'loading tuples', share: 0.428 } })).toMatch(
    /being made, 42 %$/,
  );
  expect(buildLine({ ...indexing, ann: { phase: 'initializing', share: null } })).toMatch(/being made…$/);
  expect(buildLine({ ...build, perSecond: null, secondsLeft: null })).toMatch(/30 of 120 passages$/);
});
