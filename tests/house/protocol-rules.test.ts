import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const folders = ['server', 'widget', 'console', 'tests', 'bench'];

/** The protocol's rules, as `PROTOCOL.md` numbers them. */
function rules(): string[] {
  const text = readFileSync(path.join(root, 'server/protocol/PROTOCOL.md'), 'utf8');
  return [...text.matchAll(/^- \*\*([A-Z]{3}-\d+)\*\*/gm)].flatMap(([, id]) => id ?? []);
}

/** What tests and groups of tests are called, all files together. */
function testNames(): string[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .flatMap((file) => namesIn(readFileSync(path.join(root, folder, file), 'utf8'))),
  );
}

function namesIn(source: string): string[] {
  const names = source.matchAll(
    /\b(?:it|test|describe)(?:\.\w+)*(?:\((?:[^'"`()]|\([^()]*\))*\))?\(\s*(['"`])(.*?)\1\s*,/gs,
  );
  return [...names].flatMap(([, , name]) => name ?? []);
}

describe('every rule of the protocol', () => {
  const ids = rules();
  const named = new Set(testNames().flatMap((name) => name.match(/\b[A-Z]{3}-\d+\b/g) ?? []));

  it('has an id of its own', () => {
    expect(ids.length).toBeGreaterThan(40);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(ids)('%s is named by a test', (id) => {
    expect([...named]).toContain(id);
  });

  it('that a test names is there', () => {
    const prefixes = new Set(ids.map((id) => id.slice(0, 3)));
    const unknown = [...named].filter((id) => prefixes.has(id.slice(0, 3)) && !ids.includes(id));
    expect(unknown).toEqual([]);
  });
});
