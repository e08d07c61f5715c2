import type { RetrievedPassage } from './knowledge.ts';

/** Fills `{{slot}}`s; an unknown slot is a mistake in the prompt file. Values are never searched for slots. */
export function fillPrompt(template: string, values: Readonly<Record<string, string>>): string {
  return template.replaceAll(/\{\{\s*(\w+)\s*\}\}/gu, (_match, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the prompt asks for an unknown slot: ${name}`);
    return value;
  });
}

/** How many passages, and about how many tokens of them, go to the model: rule L6. */
export interface PromptBudget {
  passages: number;
  tokens: number;
}

/** Characters of a token, about, in the languages of Europe. */
const tokenCharacters = 3.5;
/** What is left of a passage is not worth reading below this many characters. */
const shortestPiece = 200;

/** The passages that fit the budget, the last one cut where it must be. */
export function fitPassages(passages: readonly RetrievedPassage[], budget: PromptBudget): RetrievedPassage[] {
  let left = Math.floor(budget.tokens * tokenCharacters);
  return passages.slice(0, budget.passages).flatMap((passage) => {
    if (left < shortestPiece) return [];
    const text = passage.text.slice(0, left);
    left -= text.length;
    return [{ ...passage, text }];
  });
}

/** Control tokens and role markers of common chat formats, and our own delimiter. */
const controlPattern =
  /<\|[^|>]*\|>|<<\/?SYS>>|\[\/?INST\]|<\/?(?:passage|question|newest|conversation|system|user|assistant|s)\b[^>]*>/giu;
const invisiblePattern = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u{e0000}-\u{e007f}]/gu;

/** Text of others made harmless for a prompt: no control tokens, no invisible characters. */
export function neutralise(text: string): string {
  return text
    .replaceAll(invisiblePattern, '')
    .replaceAll(controlPattern, (token) => token.replaceAll(/[<>[\]|]/gu, ' ').trim());
}

/**
 * Passages as data: numbered, delimited, each line marked as quoted, so that nothing in them can look like a
 * role or end the block.
 */
export function renderPassages(passages: readonly RetrievedPassage[]): string {
  return passages
    .map((passage, index) => {
      const heading = [passage.title, ...passage.headingPath].filter(Boolean).join(' > ');
      const body = neutralise(passage.text)
        .split('\n')
        .map((line) => `> ${line}`)
        .join('\n');
      return `<passage number="${String(index + 1)}">\n# ${neutralise(heading).replaceAll('\n', ' ')}\n${body}\n</passage>`;
    })
    .join('\n');
}

/** What the model says about its own answer, in its first line. */
export type Verdict = 'full' | 'partial' | 'none' | 'clarify';

const verdicts: Readonly<Record<string, Verdict>> = {
  'ANSWER: FULL': 'full',
  'ANSWER: PARTIAL': 'partial',
  'ANSWER: NONE': 'none',
  'ANSWER: CLARIFY': 'clarify',
};
const longestVerdict = Math.max(...Object.keys(verdicts).map((line) => line.length));

/**
 * Reads the verdict line off the start of a stream. Undecided (null) while `text` may still become one; a text
 * that begins otherwise has no verdict and is all answer.
 */
export function readVerdict(text: string): { verdict: Verdict | null; rest: string } | null {
  const begin = text.trimStart();
  const newline = begin.indexOf('\n');
  if (newline === -1) {
    const couldBecome = Object.keys(verdicts).some((line) => line.startsWith(begin.toUpperCase().trimEnd()));
    return couldBecome && begin.length <= longestVerdict + 2 ? null : { verdict: null, rest: text };
  }
  const verdict = verdicts[begin.slice(0, newline).trim().toUpperCase()];
  if (verdict === undefined) return { verdict: null, rest: text };
  return { verdict, rest: begin.slice(newline + 1).trimStart() };
}

/** The verdict of a stream that has ended, where `readVerdict` was still undecided. */
export function readLastVerdict(text: string): { verdict: Verdict | null; rest: string } {
  const verdict = verdicts[text.trim().toUpperCase()];
  return verdict === undefined ? { verdict: null, rest: text } : { verdict, rest: '' };
}
