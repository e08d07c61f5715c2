/** A guard that is taken out of a copy of the project, and the tests that must notice. */
export interface Guard {
  /** Case of the reliability map, such as `D1`. */
  id: string;
  /** What is taken out, in words. */
  guard: string;
  /** Path below the repository. */
  file: string;
  /** Pieces of its source and what stands there instead; each piece must be there exactly once. */
  edits: readonly (readonly [find: string, replace: string])[];
  /** Test files, and the beginning of the names that count. */
  tests: readonly string[];
  names?: string;
}

/** The source without the guard. @throws Error when the guard no longer looks like that. */
export function withoutGuard(guard: Guard, source: string): string {
  let text = source;
  for (const [find, replace] of guard.edits) {
    if (text.split(find).length !== 2)
      throw new Error(`${guard.id}, ${guard.guard}: not once in ${guard.file}`);
    text = text.replace(find, () => replace);
  }
  return text;
}
