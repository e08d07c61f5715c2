import type { ConversationState, HandoffReason } from '../../server/protocol/entities.ts';
import type { SourceItemState, SourceState } from '../../server/protocol/http-knowledge.ts';

/** Why a person was called, as an agent reads it. */
export const handoffWords: Record<HandoffReason, string> = {
  'low-confidence': 'The AI was not sure enough',
  'nothing-found': 'Nothing relevant was found',
  'visitor-asked': 'The visitor asked for a person',
  'model-unavailable': 'The AI model could not be reached',
  rule: 'One of your rules asked for a person',
};

/** A conversation's state in a word or two. */
export const stateWords: Record<ConversationState, string> = {
  waiting: 'Waiting',
  human: 'With a person',
  ai: 'With the AI',
  resolved: 'Resolved',
};

export type Tone = 'neutral' | 'success' | 'warning' | 'danger' | 'active';

/** A source's state as a word and its tone. */
export const sourceStates: Record<SourceState, { word: string; tone: Tone }> = {
  queued: { word: 'Waiting to start', tone: 'neutral' },
  running: { word: 'Reading', tone: 'active' },
  paused: { word: 'Paused', tone: 'warning' },
  done: { word: 'Read', tone: 'success' },
  failed: { word: 'Failed', tone: 'danger' },
  cancelled: { word: 'Cancelled', tone: 'neutral' },
};

/** A page's or file's state: the word, its tone, and what it means where the word alone does not say. */
export const itemStates: Record<SourceItemState, { word: string; tone: Tone; meaning: string }> = {
  indexed: { word: 'Stored', tone: 'success', meaning: 'Read, and used in answers from now on.' },
  unchanged: { word: 'Unchanged', tone: 'success', meaning: 'The same as last time; still used in answers.' },
  found: { word: 'Found', tone: 'neutral', meaning: 'Known, and waiting for its turn.' },
  fetched: { word: 'Fetched', tone: 'active', meaning: 'Downloaded, and being read.' },
  skipped: { word: 'Skipped', tone: 'neutral', meaning: 'Left out on purpose; the reason says why.' },
  blocked: { word: 'Blocked', tone: 'warning', meaning: 'The site did not let us in.' },
  empty: { word: 'Empty', tone: 'warning', meaning: 'There was no text to store.' },
  failed: { word: 'Failed', tone: 'danger', meaning: 'Could not be read.' },
  removed: { word: 'Removed', tone: 'neutral', meaning: 'Gone from the site, and from the answers.' },
};

/** What was read from pictures of pages; a mark of stored items rather than a state. */
export const ocrWords = {
  word: 'From scan',
  tone: 'success',
  meaning: 'Read from pictures of its pages (OCR), and used in answers from now on.',
} as const;

/** The order in which item states are shown: good news first, then what needs eyes. */
export const itemStateOrder: readonly SourceItemState[] = [
  'indexed',
  'unchanged',
  'fetched',
  'found',
  'skipped',
  'blocked',
  'empty',
  'failed',
  'removed',
];

/** `1 page`, `2 pages`, in the viewer's digits. */
export const count = (value: number, one: string, many = `${one}s`): string =>
  `${value.toLocaleString()} ${value === 1 ? one : many}`;
