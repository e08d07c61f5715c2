import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

const names = ['answer', 'answer-question', 'condense'] as const;
export type PromptName = (typeof names)[number];

export interface Prompts {
  /** The text of `prompts/<name>.md`, with its slots. */
  text(name: PromptName): string;
  /** Hex SHA-256 over all prompts: stored with each answer that a model wrote. */
  readonly version: string;
}

const defaultFolder = new URL('../../../prompts/', import.meta.url);

/** Reads all prompts once, at start. @throws when a file is missing. */
export function loadPrompts(folder: URL = defaultFolder): Prompts {
  const texts = new Map<PromptName, string>();
  const hash = createHash('sha256');
  for (const name of names) {
    const text = readFileSync(new URL(`${name}.md`, folder), 'utf8').trim();
    texts.set(name, text);
    hash.update(`${name}\0${text}\0`);
  }
  return { text: (name) => texts.get(name) ?? '', version: hash.digest('hex') };
}
