import { normalizeText, tokenize } from '../analysis/tokenize.ts';
import type { LookedUpTerm } from './score.ts';

/** One entry of the conversation before the question. */
export interface HistoryTurn {
  role: 'user' | 'agent';
  text: string;
}

/** Turns further back than this are not read: their weight would be under a seventh. */
export const maxHistoryTurns = 12;

/** Hand-set constants of the conversation method, measured on dialogues that stay with a topic and that leave it. */
export const conversationRecipe = {
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
  /**
   * What the document that the history is about gets on top, as a share of the question's own best score: always,
   * and added for a question with few words of its own, one that points back, and the reply to a question of the
   * agent's; more the better the document fits the question itself, less where it does not and another one
   * clearly does.
   */
  documentShare: { base: 0.3, open: 0.9, pointsBack: 0.5, isReply: 1.2, fit: 0.2, lead: -0.8 },
  /** What a passage gets for its own match with the history, as a share of what its document gets. */
  passageShare: 0.2,
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
 * How little a question says by itself, 0..1: 0 where its content words are rare enough to stand alone, 1 without
 * any. `unknownIdf` is the idf of a word that the site's pages do not have.
 */
export function openness(words: readonly Pick<LookedUpTerm, 'idf'>[], unknownIdf: number): number {
  const { selfContainedIdf, selfContainedUnknowns } = conversationRecipe;
  const mass = words.reduce((sum, word) => sum + word.idf, 0);
  return Math.max(0, 1 - mass / Math.min(selfContainedIdf, selfContainedUnknowns * unknownIdf));
}

/** How much a question depends on its history, 0..1: its openness, and more where its wording points back. */
export function dependence(
  question: string,
  words: readonly Pick<LookedUpTerm, 'idf'>[],
  unknownIdf: number,
): number {
  const open = openness(words, unknownIdf);
  return pointsBack(question) ? Math.max(open, conversationRecipe.anaphorDependence) : open;
}

/** The weight of each turn's words among the history, oldest first; the newest of the visitor's has 1. */
export function turnWeights(history: readonly HistoryTurn[]): number[] {
  const { decay, agentShare } = conversationRecipe;
  return history.map((turn, index) => {
    const age = history.length - 1 - index;
    return decay ** age * (turn.role === 'agent' ? agentShare : 1);
  });
}

/** What is known of a question beside its history when their scores are joined. */
export interface HistoryEvidence {
  question: string;
  history: readonly HistoryTurn[];
  /** 0..1, see `openness`. */
  open: number;
  /** The question's score of the history's document over its best score, 0..1. */
  fit: number;
  /** How far the question's best document leads its second, as a share of the best, 0..1. */
  lead: number;
}

/** What the history's document gets on top, as a share of the question's best score; 0 or more. */
export function documentShare({ question, history, open, fit, lead }: HistoryEvidence): number {
  const share = conversationRecipe.documentShare;
  const last = history.at(-1);
  const isReply = last?.role === 'agent' && /[?？؟]\s*$/u.test(last.text);
  const wording = (pointsBack(question) ? share.pointsBack : 0) + (isReply ? share.isReply : 0);
  return Math.max(
    0,
    share.base + share.open * open + wording + share.fit * fit + share.lead * lead * (1 - fit),
  );
}
