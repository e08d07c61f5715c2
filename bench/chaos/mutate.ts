import { registerHooks } from 'node:module';
import { mutants } from './mutants.ts';
import type { Mutant } from './mutants.ts';

/** Name of the variable by which child processes hear which fault they have. */
export const mutantVariable = 'CHAOS_MUTANT';

/** The mutant of this process, or null. */
export function currentMutant(): Mutant | null {
  const name = process.env[mutantVariable];
  if (name === undefined || name === '') return null;
  const mutant = mutants.find((candidate) => candidate.name === name);
  if (mutant === undefined) throw new Error(`There is no mutant "${name}".`);
  return mutant;
}

/** Replaces the mutant's piece of source in every module loaded from now on. */
function installMutant(): void {
  const mutant = currentMutant();
  const change = mutant?.source ?? null;
  if (mutant === null || change === null) return;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.endsWith(`/${change.file}`)) return loaded;
      const source = toText(loaded.source);
      if (source.split(change.find).length !== 2)
        throw new Error(`Mutant ${mutant.name} no longer fits its file.`);
      return { ...loaded, source: source.replace(change.find, () => change.replace) };
    },
  });
}

function toText(source: unknown): string {
  if (typeof source === 'string') return source;
  return source instanceof Uint8Array ? Buffer.from(source).toString('utf8') : '';
}

installMutant();
