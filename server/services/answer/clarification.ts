import type { Analyzer } from '../../domain/analysis/analyze.ts';
import { hasJustAsked, isContentFree, rivalTopics, toChoices } from '../../domain/clarify.ts';
import { pointsBack } from '../../domain/retrieval/conversation.ts';
import type { Queryable } from '../../ports.ts';
import { listTopics } from '../../store/topics.ts';
import type { Found, Turn } from './turn.ts';

/** Titles read, of which some are too long or alike. */
const topicsRead = 12;

/**
 * The topics to choose from where the question names none of its own; empty where it names one, leans on what
 * was said before, or the visitor was just asked back.
 */
export async function openingTopics(
  deps: { db: Queryable; analyzer: Analyzer },
  { request, language }: Pick<Turn, 'request' | 'language'>,
): Promise<string[]> {
  const { question, history, siteId } = request;
  const own = language ?? 'en';
  if (hasJustAsked(history) || (history.length > 0 && pointsBack(question))) return [];
  if (!isContentFree(deps.analyzer, question, own)) return [];
  const choices = toChoices(await listTopics(deps.db, siteId, own, topicsRead));
  return choices.length < 2 ? [] : choices;
}

/** The pages that a short question fits about equally well; empty where there is one, or just was asked back. */
export function competingTopics(
  analyzer: Analyzer,
  { request, language }: Pick<Turn, 'request' | 'language'>,
  { retrieval }: Pick<Found, 'retrieval'>,
  isDoubtful: boolean,
): string[] {
  const { question, history } = request;
  if (hasJustAsked(history)) return [];
  return rivalTopics(analyzer, question, language ?? 'en', retrieval.passages, isDoubtful);
}
