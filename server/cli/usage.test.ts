import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { AppError } from '../errors.ts';
import type { SourceItem } from '../protocol/http-knowledge.ts';
import { readEvents } from './api.ts';
import { commands } from './commands.ts';
import { createOutput, formatBar, formatTable } from './output.ts';
import { runCommandLine, type Connected } from './run.ts';
import { printReport } from './source-report.ts';
import { progressLine } from './watch-source.ts';

async function run(
  argv: string[],
  connect: () => Promise<Connected> = () => Promise.reject(new Error('offline')),
) {
  const written = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => ({ write: (text: string) => (written[name] += text) });
  const out = createOutput({ stdout: sink('stdout'), stderr: sink('stderr'), hasColor: true });
  const code = await runCommandLine(argv, { commands, out, stdin: Readable.from([]), connect });
  return { code, ...written };
}

describe('help', () => {
  it('names every command, and each command every option of its own', async () => {
    const general = await run(['--help']);
    expect(general.code).toBe(0);
    for (const { name, options } of commands) {
      expect(general.stdout).toContain(`\n  ${name} `);
      const own = await run([name, '--help']);
      expect(own.code).toBe(0);
      for (const option of [...Object.keys(options), 'json', 'help'])
        expect(own.stdout).toContain(`--${option}`);
      expect(own.stdout).toContain('Examples:');
    }
  });

  it('gives examples that the commands understand', async () => {
    for (const { examples } of commands) {
      for (const example of examples) {
        const argv = (example.replace(/ > .*/, '').match(/"[^"]*"|\S+/g) ?? []).map((word) =>
          word.replaceAll('"', ''),
        );
        const { code, stderr } = await run(argv);
        // without a server they fail, or find no file; none is a wrong use of options
        expect(stderr, example).not.toMatch(/no option|There is no "|There is no command|whole number/);
        expect(code, example).not.toBe(0);
      }
    }
  });
});

describe('a wrong use', () => {
  it.each([
    [['serach'], 'Did you mean search?'],
    [['ask'], 'Say what to ask.'],
    [['ask', 'two', 'words'], 'put quotes around it'],
    [['search', 'x', '--kk', '3'], 'no option --kk'],
    [['search', 'x', '--k', 'many'], '--k takes a whole number'],
    [['ingest', '/no/such/folder'], 'There is no file or folder'],
    [['sites', 'destroy'], 'There is no "destroy" here. Say list, create, delete.'],
    [['users', 'constructor'], 'There is no "constructor" here.'],
  ])('%j is told what to do', async (argv, words) => {
    const fakeApi = async () => ({ api: {} as never, close: async () => {} });
    const { code, stderr } = await run(argv, fakeApi);
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(words) });
  });

  it('without a command shows the help', async () => {
    expect(await run([])).toMatchObject({ code: 2, stdout: expect.stringContaining('Commands:') });
  });
});

describe('a failure', () => {
  it('is shown with its cure, without a stack, and whatever was started is stopped', async () => {
    let isClosed = false;
    const failing = {
      get: () => Promise.reject(new AppError('unavailable', 'The database is away.', { fix: 'Start it.' })),
    } as never;
    const { code, stderr } = await run(['sites'], async () => ({
      api: failing,
      close: async () => {
        isClosed = true;
      },
    }));
    expect({ code, stderr, isClosed }).toEqual({
      code: 1,
      stderr: 'The database is away.\nStart it.\n',
      isClosed: true,
    });
  });
});

describe('server-sent events', () => {
  it('are read however they are cut, comments left out', async () => {
    const text = ': hello\n\nevent: delta\ndata: {"text":"Grüße"}\n\nevent: final\ndata: {"a":1}\n\n';
    const bytes = Buffer.from(text);
    for (const size of [1, 3, 1000]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      const events = [];
      for await (const event of readEvents(Readable.from(chunks))) events.push(event);
      expect(events).toEqual([
        { event: 'delta', data: { text: 'Grüße' } },
        { event: 'final', data: { a: 1 } },
      ]);
    }
  });
});

describe('output', () => {
  it('draws bars to an eighth of a cell', () => {
    expect(formatBar(0, 4)).toBe('░░░░');
    expect(formatBar(0.5, 4)).toBe('██░░');
    expect(formatBar(0.53, 4)).toBe('██▏░');
    expect(formatBar(7, 4)).toBe('████');
  });

  it('aligns columns and cuts lines that are too long', () => {
    expect(
      formatTable(
        ['A', 'Long'],
        [
          ['x', 'yy'],
          ['zzz', 'w'.repeat(50)],
        ],
        20,
      ),
    ).toEqual(['A    Long', expect.stringMatching(/^─{3} {2}─+…$/), 'x    yy', `zzz  ${'w'.repeat(14)}…`]);
  });

  it('sums up what became of items: one line per end and reason, passages added', () => {
    const item = (
      id: string,
      state: SourceItem['state'],
      reason: string,
      passageCount: number | null,
    ): SourceItem => {
      return { id, url: null, state, reason, title: null, passageCount, updatedAt: '2026-11-21T08:00:00Z' };
    };
    const lines: string[] = [];
    const sink = { write: (text: string) => lines.push(text.trimEnd()) };
    const items = [
      item('a', 'indexed', 'Stored as 2 passages.', 2),
      item('b', 'indexed', 'Stored as 1 passage. 1 of 1 passage was new.', 1),
      item('c', 'failed', 'Too large.', null),
      {
        ...item(
          'd',
          'indexed',
          'Stored as 4 passages. 2 pages without text were read by OCR, 91 of 100 sure of its words.',
          4,
        ),
        ocr: { pages: 2, confidence: 91 },
      },
    ];
    const counts = { indexed: 3, failed: 1 };
    printReport(
      { inIndex: 3, counts, ocrItems: 1, sources: [], items },
      createOutput({ stdout: sink, stderr: sink, hasColor: false }),
    );
    expect(lines.filter((line) => line !== '')).toEqual([
      'State          Items  Reason',
      expect.stringMatching(/^─/),
      'failed         1      Too large.',
      'indexed        2      Stored as 3 passages.',
      'indexed (OCR)  1      Stored as 4 passages.',
      '  failed: c',
      '3 of 4 items are in the index.',
    ]);
  });

  it('says how far a source is', () => {
    const counts = { total: 10, found: 4, fetched: 1, indexed: 3, unchanged: 1, skipped: 1 };
    const line = progressLine({ name: 'Shop', counts, state: 'running', perSecond: 0.04 });
    expect(line).toMatch(/^█{12}░{12} 5 of 10 found, 4 in the index, 0\.0\/s, about 2 min left$/);
    expect(progressLine({ name: 'Shop', counts, state: 'running', perSecond: 2.5 })).toMatch(
      /2\.5\/s, about 2 s left$/,
    );
    expect(progressLine({ name: 'Shop', counts, state: 'running', perSecond: 0 })).toMatch(/index$/);
    expect(progressLine({ name: 'Shop', counts: { total: 0 }, state: 'queued' })).toContain(
      'waiting for a worker',
    );
  });
});
