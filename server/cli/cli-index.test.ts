import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { indexStatusSchema } from '../protocol/http-knowledge.ts';
import { createCommandLine, type CommandLine } from '../testing/command-line.ts';
import { createModelServer, type ModelServer } from '../testing/model-server.ts';

/** Two requests' worth of passages and some more. */
const documents = 200;
const embedded = 192;
/** The sweep that begins a build comes every ten seconds, and the machine may be busy. */
const patience = { timeout: 120_000, interval: 100 };

let line: CommandLine;
let model: ModelServer;
/** The third request for vectors of tents waits for it, and all after it. */
let open = () => {};
const gate = new Promise<void>((resolve) => (open = resolve));
let requests = 0;

async function ingest(site: string, count: number, text: string): Promise<void> {
  const file = path.join(line.folder, `${site}.jsonl`);
  const lines = Array.from({ length: count }, (_, n) =>
    JSON.stringify({ id: `${site}-${String(n)}`, text: `${text} ${String(n)}, as it is sold.` }),
  );
  await writeFile(file, `${lines.join('\n')}\n`);
  expect((await line.run('ingest', file, '--site', site)).code).toBe(0);
}

beforeAll(async () => {
  model = await createModelServer({
    embed: (text) => (text.includes('unreadable') ? [0, 0, 0, 0] : [text.length, 1, 2, 3]),
    beforeEmbed: async (texts) => {
      if (!texts.some((text) => text.includes('tent number'))) return;
      requests += 1;
      if (requests > 2) await gate;
    },
  });
  line = await createCommandLine();
  await line.serve();
  for (const site of ['broken', 'empty']) await line.run('sites', 'create', site);
  await ingest('default', documents, 'Everything about tent number');
  await ingest('broken', 3, 'Something unreadable for the new model, number');
}, 300_000);
afterAll(async () => {
  open();
  await line.close();
  await model.close();
});

it('names what search reads, of a site with passages, without, and that is not there', async () => {
  expect(await line.run('index')).toMatchObject({
    code: 0,
    stdout: 'Search reads vectors of builtin-1-384 (384 numbers each).\n',
  });
  expect((await line.run('index', '--watch', '--site', 'empty')).stdout).toBe('Nothing is indexed yet.\n');
  const { code, stderr } = await line.run('index', '--site', 'nowhere');
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringContaining('There is no site "nowhere".'),
  });
});

it('shows how far another model is, and follows it until it is in use', { timeout: 300_000 }, async () => {
  await line.serve({ EMBEDDING_BASE_URL: model.url, EMBEDDING_MODEL: 'scripted' });
  const progress = `${String(embedded)} of ${String(documents)} passages`;
  const shown = await vi.waitFor(async () => {
    const { stdout } = await line.run('index');
    expect(stdout).toContain(progress);
    return stdout;
  }, patience);
  expect(shown).toMatch(
    /^Search reads vectors of builtin-1-384 .*\nVectors of openai:scripted:4@.* are being made/,
  );
  const { stdout: json } = await line.run('index', '--json');
  expect(indexStatusSchema.parse(JSON.parse(json)).build).toMatchObject({
    state: 'embedding',
    done: embedded,
    total: documents,
  });
  const watching = line.begin('index', '--watch');
  await vi.waitFor(() => expect(watching.written.stderr).toContain(progress), patience);
  open();
  expect(await watching.ended).toBe(0);
  expect(watching.written.stdout).toMatch(
    /^Search reads vectors of openai:scripted:4@.* \(4 numbers each\)\.\n$/,
  );
});

it('ends with 1 where making them broke off, and says what to do', { timeout: 300_000 }, async () => {
  const { code, stdout } = await line.run('index', '--watch', '--site', 'broken');
  expect(code).toBe(1);
  expect(stdout).toMatch(/0 of 3 passages; the last try broke off: .*unusable vector/);
  expect(stdout).toMatch(/Tried again at 2[\s\S]*set the former embedding model again/);
});
