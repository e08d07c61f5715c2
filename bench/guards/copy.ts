import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withoutGuard, type Guard } from './guard.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A copy of the project in which a guard can be missing while its tests run. */
export interface Copy {
  folder: string;
  /** Runs `work` on the copy without the guard; the guard is back afterwards. */
  without<Result>(guard: Guard, work: () => Result): Result;
  remove(): void;
}

/** Copies all files that git knows; what is installed is linked, beside the project, so that links are possible. */
export function copyProject(): Copy {
  const folder = mkdtempSync(join(dirname(root.replace(/\/$/, '')), 'deskbell-guards-'));
  const files = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  for (const file of files.split('\0').filter((name) => name !== '')) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  execFileSync('cp', ['-al', join(root, 'node_modules'), join(folder, 'node_modules')]);
  return {
    folder,
    without(guard, work) {
      const path = join(folder, guard.file);
      const source = readFileSync(path, 'utf8');
      writeFileSync(path, withoutGuard(guard, source));
      try {
        return work();
      } finally {
        writeFileSync(path, source);
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
