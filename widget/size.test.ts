import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { finishBuild, frameBuild } from './build.ts';

const kib = 1024;
let folder = '';
let files = new Map<string, Buffer>();

beforeAll(async () => {
  // Vitest says `test`, for which Vite would build the development version.
  vi.stubEnv('NODE_ENV', 'production');
  folder = await mkdtemp(path.join(tmpdir(), 'deskbell-widget-'));
  await build(frameBuild(folder));
  await finishBuild(folder);
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.\w+$/u.test(name));
  files = new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(path.join(folder, name))] as const)),
  );
}, 120_000);
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const named = (pattern: RegExp) => [...files.keys()].filter((name) => pattern.test(name));
const gzipBytes = (names: string[]) =>
  names.reduce((sum, name) => sum + gzipSync(files.get(name) ?? '', { level: 9 }).length, 0);
const loader = () => named(/^widget\.js$/u);
const firstPaint = () => [...loader(), ...named(/^frame\.html$/u), ...named(/frame-[^/]*\.css$/u)];
const whole = () => [...firstPaint(), ...named(/frame-[^/]*\.js$/u)];

describe('size of the widget, gzip', () => {
  it('puts at most 5 KiB on the host page', () => {
    expect(loader()).toHaveLength(1);
    expect(gzipBytes(loader())).toBeLessThanOrEqual(5 * kib);
  });

  it('paints first with at most 20 KiB', () => {
    expect(firstPaint()).toHaveLength(3);
    expect(gzipBytes(firstPaint())).toBeLessThanOrEqual(20 * kib);
  });

  it('is at most 45 KiB in all, with any one further language', () => {
    expect(whole()).toHaveLength(4);
    const languages = named(/assets\/(?!frame).*\.js$/u).map((name) => gzipBytes([name]));
    expect(gzipBytes(whole()) + Math.max(...languages)).toBeLessThanOrEqual(45 * kib);
  });
});

describe('what is built', () => {
  const text = (names: string[]) => names.map((name) => files.get(name)?.toString() ?? '').join('\n');

  it('asks for no inline script or style and has no source maps', () => {
    expect(named(/\.map$/u)).toEqual([]);
    const page = text(named(/\.html$/u));
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=/u);
    expect(text(named(/\.js$/u))).not.toMatch(/\beval\(|new Function\(|sourceMappingURL/u);
  });

  it('addresses its assets relative to the frame, under names that change with their content', () => {
    const page = text(named(/\.html$/u));
    expect([...page.matchAll(/(?:src|href)="([^"]*)"/gu)].map((found) => found[1])).toEqual([
      expect.stringMatching(/^\.\/assets\/frame-[\w-]{8}\.js$/u),
      expect.stringMatching(/^\.\/assets\/frame-[\w-]{8}\.css$/u),
    ]);
  });

  it('lies compressed beside itself', () => {
    for (const name of named(/\.(?:js|css)$/u)) {
      expect(named(/\.(?:gz|br)$/u)).toEqual(expect.arrayContaining([`${name}.gz`, `${name}.br`]));
    }
  });
});
