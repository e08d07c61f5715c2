import { normalizeText, tokenize } from '../analysis/tokenize.ts';
import type { LookedUpTerm } from './score.ts';

/** One entry of the conversation before the question. */
export interface HistoryTurn {
  role: 'user' | 'agent';
  text: string;
}

/** Turns further back than this are not read: their weight would be under a seventh. */
export const maxHistoryTurns = 12;

/** Hand-set constants of the conversation method, measured on dialogues over help pages. */
export const conversationRecipe = {
  /** Weight of the newest history turn for a question that stands alone, and what dependence adds. */
  baseWeight: 0.2,
  dependentWeight: 0.4,
  /** What each turn further back keeps. */
  decay: 0.85,
  /** What the agent's words count against the visitor's. */
  agentShare: 0.4,
  /**
   * A question whose content words have this much idf together stands alone. Measured where an unknown word has
   * an idf near 8; on a smaller site, whose idfs are lower, it is this many times an unknown word's.
   */
  selfContainedIdf: 15,
  selfContainedUnknowns: 1.9,
  /** Dependence after a word that points back. */
  anaphorDependence: 0.6,
  /** From this dependence on, words of the history are added to the question where one text is needed. */
  addsWordsFrom: 0.5,
  /** Share of a document's best history-only score that its passages get on top. */
  documentPrior: 0.7,
} as const;

/** Words that point back to something said before. */
const anaphors: ReadonlySet<string> = new Set(
  (
    'it its they them their theirs this that these those he him his she her hers there such same one ones else other ' +
    'er ihn ihm sie ihr ihnen dies diese dieser dieses diesen diesem das dort damit dafür dabei davon dazu ' +
    'ello esto eso esta este estos estas esos esas él ella ellos ellas ahí allí ' +
    'ça cela ceci il elle ils elles celui celle ceux celles ' +
    'esso essa essi esse questo questa quello quella lo isso isto ele ela eles elas'
  ).split(' '),
);

/** How a question opens that carries on from what was said. */
const continuing =
  /^(?:and|but|or|so|also|then|what about|how about|yes|yeah|yep|no|nope|ok|okay|und|aber|oder|was ist mit|ja|nein|y|pero|sí|et|mais|oui|non|e|ma|sì|mas|sim|não)\b/u;

/** Whether a question's wording shows that it leans on what was said before. */
export function pointsBack(question: string): boolean {
  const normalized = normalizeText(question).trim();
  return continuing.test(normalized) || tokenize(normalized).some((word) => anaphors.has(word));
}

/**
 * How much a question depends on its history, 0..1: little where its content words are rare enough to stand
 * alone, at least `anaphorDependence` where it points back. `unknownIdf` is the idf of a word that the site's
 * pages do not have.
 */
export function dependence(
  question: string,
  words: readonly Pick<LookedUpTerm, 'idf'>[],
  unknownIdf: number,
): number {
  const { selfContainedIdf, selfContainedUnknowns } = conversationRecipe;
  const mass = words.reduce((sum, word) => sum + word.idf, 0);
  const open = Math.max(0, 1 - mass / Math.min(selfContainedIdf, selfContainedUnknowns * unknownIdf));
  return pointsBack(question) ? Math.max(open, conversationRecipe.anaphorDependence) : open;
}

/** The weight of each turn, oldest first, for a question of this dependence; the question itself comes last. */
export function turnWeights(history: readonly HistoryTurn[], dependenceOnHistory: number): number[] {
  const { baseWeight, dependentWeight, decay, agentShare } = conversationRecipe;
  const newest = baseWeight + dependentWeight * dependenceOnHistory;
  const weights = history.map((turn, index) => {
    const age = history.length - 1 - index;
    return newest * decay ** age * (turn.role === 'agent' ? agentShare : 1);
  });
  return [...weights, 1];
}
