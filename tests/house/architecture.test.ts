import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findCycle, isTest, parseImports, readSources, root, type ImportLine } from './imports.ts';

const all = readSources('server', 'ingest', 'widget', 'console', 'demo', 'evals', 'bench');
const product = all.filter(({ file }) => !isTest(file));

/** Lines of `product` files under `folder` whose import breaks `isAllowed`, as `file -> target`. */
function offenders(folder: string, isAllowed: (line: ImportLine, file: string) => boolean): string[] {
  return product
    .filter(({ file }) => file.startsWith(folder))
    .flatMap(({ file, imports }) =>
      imports.filter((line) => !isAllowed(line, file)).map((line) => `${file} -> ${line.target}`),
    );
}

const startsWith = (target: string, ...prefixes: string[]) =>
  prefixes.some((prefix) => target.startsWith(prefix));
const core = ['server/protocol/', 'server/domain/', 'server/ports.ts', 'server/errors.ts', 'server/jobs.ts'];
const vendors = [
  'express',
  'ws',
  'openai',
  'bullmq',
  'pg',
  'ioredis',
  'langchain',
  '@langchain/core',
  '@langchain/openai',
  '@electric-sql/pglite',
  'nodemailer',
];

describe('dependency rules', () => {
  it('1. protocol imports only zod and itself', () => {
    expect(
      offenders('server/protocol/', (line) =>
        line.isPackage ? line.target === 'zod' : line.target.startsWith('server/protocol/'),
      ),
    ).toEqual([]);
  });

  it('1. domain imports only protocol types and itself, and is pure', () => {
    const pureLibraries = ['snowball-stemmers', '@orama/stemmers', 'tinyld'];
    expect(
      offenders('server/domain/', (line) =>
        line.isPackage
          ? pureLibraries.includes(line.target)
          : line.target.startsWith('server/domain/') ||
            (line.target.startsWith('server/protocol/') && line.isTypeOnly),
      ),
    ).toEqual([]);
    const impure = /\basync\b|\bawait\b|Date\.now|new Date\(\)|Math\.random|\bprocess\./;
    const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    expect(
      product
        .filter(({ file, text }) => file.startsWith('server/domain/') && impure.test(code(text)))
        .map(({ file }) => file),
    ).toEqual([]);
  });

  it('2. services, store and ingest never import an adapter, a transport or a vendor', () => {
    for (const folder of ['server/services/', 'server/store/', 'ingest/']) {
      expect(
        offenders(folder, (line, file) =>
          line.isPackage
            ? !vendors.includes(line.target) ||
              (file === 'ingest/chunk.ts' && line.target.startsWith('@langchain'))
            : startsWith(
                line.target,
                ...core,
                'server/services/',
                'server/store/',
                'ingest/',
                'server/log.ts',
                'server/system.ts',
              ),
        ),
      ).toEqual([]);
    }
  });

  it('2. store imports no service', () => {
    expect(
      offenders('server/store/', (line) => line.isPackage || !line.target.startsWith('server/services/')),
    ).toEqual([]);
  });

  it('3. a vendor is named in one adapter folder only', () => {
    const homes: Record<string, readonly string[]> = {
      express: ['server/transports/http/'],
      ws: ['server/transports/ws/'],
      openai: ['server/adapters/llm/', 'server/adapters/embedder/'],
      bullmq: ['server/adapters/jobs/'],
      pg: ['server/adapters/db/'],
      ioredis: ['server/adapters/jobs/', 'server/adapters/bus/'],
      langchain: ['server/adapters/llm/'],
      '@langchain/core': ['server/adapters/llm/'],
      '@langchain/openai': ['server/adapters/llm/'],
      '@langchain/textsplitters': ['ingest/chunk'],
      '@electric-sql/pglite': ['server/adapters/db/'],
      nodemailer: ['server/adapters/mail/'],
    };
    const strays = product
      .filter(({ file }) => startsWith(file, 'server/', 'ingest/'))
      .flatMap(({ file, imports }) =>
        imports
          .filter(
            (line) =>
              line.isPackage && homes[line.target] && !startsWith(file, ...(homes[line.target] ?? [])),
          )
          .map((line) => `${file} -> ${line.target}`),
      );
    expect(strays).toEqual([]);
  });

  it('3. an adapter imports ports, not services, store or transports', () => {
    expect(
      offenders(
        'server/adapters/',
        (line) =>
          line.isPackage ||
          startsWith(line.target, ...core, 'server/adapters/', 'server/log.ts', 'ingest/fetch.ts'),
      ),
    ).toEqual([]);
  });

  it('4. transports import services, protocol and errors; not each other, not store, not adapters', () => {
    for (const name of ['http', 'ws']) {
      const own = `server/transports/${name}/`;
      expect(
        offenders(
          own,
          (line) =>
            line.isPackage ||
            startsWith(line.target, own, ...core, 'server/services/', 'server/transports/shared/', 'demo/'),
        ),
      ).toEqual([]);
    }
  });

  it('5. only app.ts and its parts import adapters and transports', () => {
    const outside = product.filter(
      ({ file }) =>
        file.startsWith('server/') &&
        !startsWith(file, 'server/adapters/', 'server/transports/', 'server/app'),
    );
    const found = outside.flatMap(({ file, imports }) =>
      imports
        .filter(
          (line) => !line.isPackage && startsWith(line.target, 'server/adapters/', 'server/transports/'),
        )
        .map((line) => `${file} -> ${line.target}`),
    );
    expect(found).toEqual([]);
  });

  it('6. widget and console import of ours only server/protocol and themselves', () => {
    for (const folder of ['widget/', 'console/']) {
      expect(
        offenders(folder, (line) => line.isPackage || startsWith(line.target, folder, 'server/protocol/')),
      ).toEqual([]);
    }
  });

  it('6. no runtime import cycle anywhere', () => {
    expect(findCycle(product)).toBeNull();
  });

  it('finds what it looks for', () => {
    const lines = parseImports(
      'a/b.ts',
      "import type { X } from './x.ts';\nimport { y } from 'zod';\nexport * from '../c.ts';",
    );
    expect(lines).toEqual([
      { target: 'a/x.ts', isPackage: false, isTypeOnly: true },
      { target: 'zod', isPackage: true, isTypeOnly: false },
      { target: 'c.ts', isPackage: false, isTypeOnly: false },
    ]);
    const file = (name: string, target: string) => ({
      file: name,
      text: '',
      imports: [{ target, isPackage: false, isTypeOnly: false }],
    });
    expect(findCycle([file('a', 'b'), file('b', 'a')])).toEqual(['a', 'b', 'a']);
  });
});

describe('house rules', () => {
  it('only config.ts reads process.env', () => {
    const readers = product
      .filter(({ file, text }) => startsWith(file, 'server/', 'ingest/') && text.includes('process.env'))
      .map(({ file }) => file);
    expect(readers.filter((file) => file !== 'server/config.ts')).toEqual([]);
  });

  it('has no barrels', () => {
    const barrels = product.filter(
      ({ file, text }) => file.endsWith('/index.ts') || /^export \* from/m.test(text),
    );
    expect(barrels.map(({ file }) => file)).toEqual([]);
  });

  it('every import of ours names a file that exists', () => {
    const missing = all.flatMap(({ file, imports }) =>
      imports
        .filter(
          (line) =>
            !line.isPackage &&
            /\.(ts|svelte|css|json)$/.test(line.target) &&
            !existsSync(path.join(root, line.target)),
        )
        .map((line) => `${file} -> ${line.target}`),
    );
    expect(missing).toEqual([]);
  });

  it('the map in ARCHITECTURE.md names every top-level folder', () => {
    const map = readFileSync(path.join(root, 'ARCHITECTURE.md'), 'utf8');
    const folders = [
      'server/',
      'ingest/',
      'widget/',
      'console/',
      'prompts/',
      'evals/',
      'bench/',
      'demo/',
      'docs/',
      'scripts/',
      'tests/',
    ];
    expect(folders.filter((folder) => !map.includes(folder))).toEqual([]);
  });
});
