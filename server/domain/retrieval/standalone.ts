import { normalizeText, tokenize } from '../analysis/tokenize.ts';
import { conversationRecipe } from './conversation.ts';
import type { HistoryTurn } from './conversation.ts';
import type { Ranking } from './rank.ts';

/** Words that the history may add to a question. */
const maxAdded = 6;

/**
 * The question with the weightiest words of its history behind it, where it leans on the history; the question
 * as it is otherwise. Made for vectors and logs, not for people.
 */
export function standaloneQuery(
  question: string,
  history: readonly HistoryTurn[],
  ranking: Pick<Ranking, 'found' | 'weights' | 'dependence'>,
): string {
  if (history.length === 0 || ranking.dependence < conversationRecipe.addsWordsFrom) return question;
  const last = history.length;
  const added = ranking.found
    .filter(({ term }) => term.part === 'body' && !term.isFunction && term.turns.at(-1) !== last)
    .map(({ term, idf }) => ({
      form: term.form,
      weight: idf * Math.max(...term.turns.map((turn) => ranking.weights[turn] ?? 0)),
    }))
    .sort((first, second) => second.weight - first.weight)
    .slice(0, maxAdded)
    .map(({ form }) => form);
  const said = new Set(tokenize(normalizeText(question)));
  return [question, ...added.filter((form) => !said.has(form))].join(' ');
}
