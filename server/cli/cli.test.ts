import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { answerResponseSchema, searchResponseSchema } from '../protocol/http.ts';
import { createCommandLine, type CommandLine } from '../testing/command-line.ts';
import { makeZip } from '../testing/zip.ts';
import { reportSchema } from './source-report.ts';

let line: CommandLine;
let folder: string;
const run = (...argv: string[]) => line.run(...argv);

beforeAll(async () => {
  line = await createCommandLine();
  folder = line.folder;
  await line.serve();
  await mkdir(path.join(folder, 'pages/sub'), { recursive: true });
  await writeFile(
    path.join(folder, 'pages/hours.md'),
    '# Opening hours\n\nThe workshop opens at nine on Mondays.',
  );
  await writeFile(
    path.join(folder, 'pages/sub/parking.html'),
    '<html><head><title>Parking</title></head><body><h1>Parking</h1><p>Parking is free behind the workshop.</p></body></html>',
  );
  await writeFile(path.join(folder, 'pages/.hidden.md'), '# Hidden');
  await writeFile(
    path.join(folder, 'lines.jsonl'),
    '{"id":"trams","text":"Tram 7 stops at the door."}\n{"id":"bad"}\n',
  );
}, 120_000);

afterAll(() => line.close());

describe('ingest', () => {
  it('reads a folder with all below it, and says what became of each file', async () => {
    const { code, stdout } = await run('ingest', path.join(folder, 'pages'), '--json');
    const report = reportSchema.parse(JSON.parse(stdout));
    expect(report.items.map(({ id, state }) => [id, state]).sort()).toEqual([
      ['hours.md', 'indexed'],
      ['sub/parking.html', 'indexed'],
    ]);
    expect({ code, inIndex: report.inIndex }).toEqual({ code: 0, inIndex: 2 });
  });

  it('reads documents line by line, and shows a faulty line with its reason', async () => {
    const { code, stdout } = await run('ingest', path.join(folder, 'lines.jsonl'));
    expect(stdout).toMatch(/failed +1 +Line 2: /);
    expect(stdout).toContain('1 of 2 items are in the index.');
    expect(code).toBe(0);
  });

  it('fails when nothing is stored, with the cause', async () => {
    const { code, stdout } = await run('ingest', 'http://127.0.0.1:9/');
    expect(code).toBe(1);
    expect(stdout).toMatch(/failed|blocked|skipped/);
    expect(stdout).toContain('0 of 1 item is in the index.');
  });
});

describe('sources', () => {
  const at = ['--site', 'intake'];

  it('come from a page, an archive and CSV, and are renamed, scheduled, read again and deleted', async () => {
    await run('sites', 'create', 'intake');
    const page = await run('ingest', `${line.url()}/demo`, '--page', '--name', 'Start', ...at);
    expect(page.stdout).toContain('1 of 1 item is in the index.');
    const archive = path.join(folder, 'handbook.zip');
    await writeFile(archive, makeZip([{ name: 'a.md', body: '# Trams\n\nTram 7 stops at the door.' }]));
    expect((await run('ingest', archive, ...at)).stdout).toContain('1 of 2 items are in the index.');
    const csv = path.join(folder, 'answers.csv');
    await writeFile(
      csv,
      'question;answer;alternatives\nDo you repair tents?;Yes, in a week.;Tent broken?\n;x;\n',
    );
    const answers = await run('ingest', csv, '--qa', ...at);
    expect(answers.stdout).toMatch(/failed +1 +Row 3, question: it is empty/);
    expect((await run('sources', ...at)).stdout).toMatch(/answers\.csv +qa +done +1 of 2/);

    const tents = ['sources', 'edit', 'answers.csv', 'Do you repair tents?'];
    expect((await run(...tents, ...at)).stdout).toMatch(/or: Tent broken\?\n\nYes, in a week\.\n$/);
    const edited = await run(...tents, '--answer', 'Yes, within a day.', ...at);
    expect(edited.stdout).toMatch(/or: Tent broken\?[\s\S]*within a day[\s\S]*Saved/);
    expect((await run('ask', 'Tent broken?', ...at)).stdout).toContain('within a day');
    expect((await run('sources', 'edit', 'answers.csv', ...at)).stderr).toContain('which of its questions');
    expect((await run('sources', 'edit', 'answers.csv', 'Who?', ...at)).stderr).toContain(
      'no such question in this list',
    );

    expect((await run('sources', 'rename', 'Start', 'First page', ...at)).code).toBe(0);
    const planned = await run('sources', 'schedule', 'First page', '--cron', '0 3 * * *', ...at);
    expect(planned.stdout).toMatch(/read again at 2/);
    expect((await run('sources', ...at)).stdout).toMatch(/First page +pages +done +1 of 1 +0 3 \* \* \*/);
    expect((await run('sources', 'schedule', 'First page', '--never', ...at)).stdout).toContain(
      'only when asked',
    );
    expect((await run('sources', 'rerun', 'First page', ...at)).stdout).toMatch(/unchanged +1/);
    expect((await run('sources', 'pause', 'First page', ...at)).stderr).toContain('not being read');
    expect((await run('sources', 'settings', 'First page', ...at)).stderr).toContain('is no website');
    expect((await run('sources', 'delete', 'First page', ...at)).code).toBe(0);
    expect((await run('sources', 'watch', 'First page', ...at)).stderr).toContain('There is no source');
    expect((await run('sources', 'rerun', 'answers.csv', '--show', 'failed', ...at)).stdout).toMatch(
      /unchanged +1[\s\S]*^row 3: Row 3, question: it is empty/m,
    );
    expect((await run('sources', 'watch', 'answers.csv', '--show', 'odd', ...at)).stderr).toContain(
      '--show takes one of found, fetched',
    );
  });

  it('of websites have settings that are shown and changed', async () => {
    const website = await run('ingest', `${line.url()}/demo`, '--name', 'Demo', '--max-pages', '3', ...at);
    expect(website.code).toBe(0);
    const changed = await run(
      'sources',
      'settings',
      'Demo',
      '--exclude',
      '/a/**, /b/**',
      '--delay',
      '250',
      ...at,
    );
    expect(changed.stdout).toMatch(/maxPages +3[\s\S]*exclude +\/a\/\*\*, \/b\/\*\*[\s\S]*delayMs +250/);
    expect(changed.stdout).toContain('from the next reading on');
    await run('sources', 'settings', 'Demo', '--exclude', '', '--concurrency', '2', ...at);
    const shown = await run('sources', 'settings', 'Demo', '--json', ...at);
    expect(JSON.parse(shown.stdout)).toMatchObject({
      settings: { maxPages: 3, exclude: [], delayMs: 250, concurrency: 2 },
    });
    const refused = await run('sources', 'settings', 'Demo', '--concurrency', '99', ...at);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(/concurrency/);
  });
});

describe('search and ask', () => {
  it('find what was read', async () => {
    const found = searchResponseSchema.parse(JSON.parse((await run('search', 'parking', '--json')).stdout));
    expect(found.passages[0]?.text).toContain('free behind the workshop');
    const { stdout } = await run('search', 'when does the workshop open', '--k', '1');
    expect(stdout).toMatch(/^1\. Opening hours/);
  });

  it('show the answer, its sources, the confidence and the decision', async () => {
    const { code, stdout } = await run('ask', 'When does the workshop open on Mondays?');
    expect(stdout).toContain('The workshop opens at nine on Mondays.');
    expect(stdout).toMatch(/\[1\] Opening hours/);
    expect(stdout).toMatch(/Confidence [█▏▎▍▌▋▊▉░]+ \d+ %, answered/);
    expect(code).toBe(0);
    const { stdout: json } = await run('ask', 'When does the workshop open on Mondays?', '--json');
    expect(answerResponseSchema.parse(JSON.parse(json)).decision).toBe('answer');
  });

  it('of a site that does not exist say what to do', async () => {
    const { code, stderr } = await run('ask', 'hello', '--site', 'nowhere');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('There is no site "nowhere".'),
    });
  });
});

describe('sites, users and keys', () => {
  it('are made, listed and taken away', async () => {
    await run('sites', 'create', 'shop', '--name', 'Our shop');
    expect((await run('sites')).stdout).toMatch(/^shop +Our shop/m);
    expect((await run('sites', 'create', 'shop')).stderr).toContain('already a site');
    expect((await run('sites', 'delete', 'shop')).code).toBe(0);
    expect((await run('sites', '--json')).stdout).not.toContain('Our shop');

    const added = z.object({ id: z.string(), password: z.string().min(16) });
    added.parse(JSON.parse((await run('users', 'add', 'maya@shop.example', '--json')).stdout));
    expect((await run('users')).stdout).toMatch(/maya@shop\.example +maya +agent/);
    expect((await run('users', 'remove', 'maya@shop.example')).code).toBe(0);
    expect((await run('users', 'remove', 'maya@shop.example')).code).toBe(2);

    const made = await run('keys', 'create', 'nightly');
    expect(made.stdout).toMatch(/^dbk_[\w-]{43}\n$/);
    const [key] = z
      .array(z.object({ id: z.string(), name: z.string() }))
      .parse(JSON.parse((await run('keys', '--json')).stdout));
    expect((await run('keys', 'revoke', key?.id ?? '')).code).toBe(0);
    expect((await run('keys')).stdout).toContain('no API keys');
  });
});

describe('questions', () => {
  it('lead to a document or to one passage, and are carried to another site', async () => {
    const page =
      '# House rules\n\n## Animals\n\nSmall guests are welcome.\n\n## Boats\n\nBoats lie at the jetty.';
    await writeFile(path.join(folder, 'rules.md'), page);
    await run('sites', 'create', 'house');
    await run('sites', 'create', 'annex');
    const to = (site: string) => run('ingest', path.join(folder, 'rules.md'), '--site', site);
    const at = ['--site', 'house'];
    await to('house');
    const found = z.array(z.object({ document: z.string() }).loose());
    const exported = async (site: string) =>
      z
        .object({ questions: found })
        .parse(JSON.parse((await run('questions', 'export', '--site', site)).stdout));
    const { passages } = searchResponseSchema.parse(
      JSON.parse((await run('search', 'boats', '--json', ...at)).stdout),
    );
    const id = passages[0]?.documentId ?? '';
    await run('questions', 'add', id, 'Anything else?', ...at);
    const added = await run('questions', 'add', id, 'May my dachshund come?', '--passage', '1', ...at);
    expect(added.stdout).toBe('Anything else?\nMay my dachshund come?  (passage 1: Animals)\n');
    expect((await run('questions', 'add', id, 'Where?', '--passage', '9', ...at)).stderr).toContain(
      'passages 1 to 2',
    );
    const list = await run('questions', 'list', id, '--json', ...at);
    expect(JSON.parse(list.stdout)).toEqual([
      { question: 'Anything else?', passage: null },
      { question: 'May my dachshund come?', passage: 1 },
    ]);

    const file = path.join(folder, 'questions.json');
    await writeFile(file, (await run('questions', 'export', ...at)).stdout);
    const early = await run('questions', 'import', file, '--site', 'annex');
    expect(early.stdout).toContain('2 wait for documents');
    const here = await run('questions', 'import', file, ...at);
    expect(here.stdout).toContain('knows 2 of them now.\n');
    expect((await exported('annex')).questions).toEqual((await exported('house')).questions);

    const removed = await run('questions', 'remove', id, 'May my dachshund come?', ...at);
    expect(removed.stdout).toBe('Anything else?\n');
    expect((await run('questions', 'import', path.join(folder, 'rules.md'), ...at)).stderr).toContain(
      'is not a list of questions',
    );
  });
});

describe('export and import', () => {
  it('carry settings and documents to another site', async () => {
    const { stdout: exported } = await run('export');
    const file = path.join(folder, 'export.ndjson');
    await writeFile(file, exported);
    const { code, stdout } = await run('import', file, '--site', 'copy');
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('3 of 3 items are in the index.'),
    });
    const found = await run('search', 'tram', '--site', 'copy');
    expect(found.stdout).toContain('Tram 7 stops at the door.');
    const again = await run('import', file, '--site', 'copy', '--json');
    expect(reportSchema.parse(JSON.parse(again.stdout)).counts).toEqual({ unchanged: 3 });
  });

  it('refuse what is no export', async () => {
    const { code, stderr } = await run('import', path.join(folder, 'lines.jsonl'), '--site', 'copy');
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('Line 1 is not a line of an export'),
    });
  });
});

describe('doctor', () => {
  it('finds the server and its database well', async () => {
    const { stdout } = await run('doctor', '--json');
    const checks = z
      .object({ checks: z.array(z.object({ name: z.string(), status: z.string() })) })
      .parse(JSON.parse(stdout)).checks;
    const statusOf = (name: string) => checks.find((check) => check.name === name)?.status;
    expect(['Node', 'Server', 'Database', 'pgvector', 'Messages'].map(statusOf)).toEqual(Array(5).fill('ok'));
  });
});
