import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface SourceFile {
  /** Relative to the project, with forward slashes. */
  file: string;
  text: string;
  imports: readonly ImportLine[];
}

export interface ImportLine {
  /** Project-relative path of a file of ours, or the package's name. */
  target: string;
  isPackage: boolean;
  isTypeOnly: boolean;
}

const importPattern =
  /(?:^|\n)\s*(import|export)\s+(type\s+)?(?:[\w$*{][^;'"]*?\s+from\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

function packageName(specifier: string): string {
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier);
}

/** The import lines of one file; `specifiers` such as `{ type A, type B }` count as types only. */
export function parseImports(file: string, text: string): ImportLine[] {
  const lines: ImportLine[] = [];
  for (const match of text.matchAll(importPattern)) {
    const specifier = match[3] ?? match[4] ?? '';
    if (specifier.startsWith('node:')) continue;
    const names =
      /\{([^}]*)\}/
        .exec(match[0])?.[1]
        ?.split(',')
        .filter((name) => name.trim() !== '') ?? [];
    const onlyTypes = names.length > 0 && names.every((name) => name.trim().startsWith('type '));
    const isTypeOnly = match[2] !== undefined || (onlyTypes && !/import\s+\w/.test(match[0]));
    const isPackage = !specifier.startsWith('.');
    const target = isPackage
      ? packageName(specifier)
      : path.posix.normalize(path.posix.join(path.posix.dirname(file), specifier.split('?')[0] ?? specifier));
    lines.push({ target, isPackage, isTypeOnly });
  }
  return lines;
}

function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const file = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!['node_modules', 'dist', 'data'].includes(entry.name)) yield* filesBelow(file);
    } else if (/\.(ts|svelte)$/.test(entry.name)) yield file;
  }
}

/** Every TypeScript and Svelte file below the given folders. */
export function readSources(...folders: string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    [...filesBelow(folder)].map((file) => {
      const text = readFileSync(path.join(root, file), 'utf8');
      return { file, text, imports: parseImports(file, text) };
    }),
  );
}

export function isTest(file: string): boolean {
  return /\.(test|bench)\.ts$/.test(file) || file.startsWith('server/testing/') || file.includes('/dev/');
}

/** The first cycle of runtime imports, as a list of files, or null. */
export function findCycle(files: readonly SourceFile[]): string[] | null {
  const graph = new Map(
    files.map(({ file, imports }) => [
      file,
      // A Svelte component may render itself.
      imports
        .filter((line) => !line.isPackage && !line.isTypeOnly && line.target !== file)
        .map((line) => line.target),
    ]),
  );
  const done = new Set<string>();
  const walk = (file: string, trail: string[]): string[] | null => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file];
    if (done.has(file)) return null;
    for (const target of graph.get(file) ?? []) {
      const cycle = walk(target, [...trail, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return null;
  };
  for (const file of graph.keys()) {
    const cycle = walk(file, []);
    if (cycle) return cycle;
  }
  return null;
}
