import { addressesModel, withoutOrders } from '../../domain/model-orders.ts';
import type { RetrievedPassage } from '../../domain/knowledge.ts';
import type { ConfidenceReason } from '../../protocol/entities.ts';
import { pairPrefix } from '../../store/pair.ts';

/** Passages as an answer may be made from them. */
export interface CleanPassages {
  passages: RetrievedPassage[];
  /** Titles of the pages that gave orders to a model. */
  poisoned: string[];
}

/** Headings of a page, and its text, without what addresses a model; null where nothing is left. */
function clean(passage: RetrievedPassage): { passage: RetrievedPassage | null; isPoisoned: boolean } {
  const { text, orders } = withoutOrders(passage.text);
  const headingPath = passage.headingPath.filter((heading) => !addressesModel(heading));
  const hasTitle = !addressesModel(passage.title);
  if (orders.length === 0 && hasTitle && headingPath.length === passage.headingPath.length)
    return { passage, isPoisoned: false };
  const title = hasTitle ? passage.title : (passage.url ?? passage.externalId);
  return { passage: text === '' ? null : { ...passage, title, text, headingPath }, isPoisoned: true };
}

/**
 * Takes sentences that give orders to a model out of what is quoted, given to a model, or counted as evidence. What
 * the owner wrote as an answer is meant, whatever it says.
 */
export function cleanPassages(found: readonly RetrievedPassage[]): CleanPassages {
  const poisoned = new Set<string>();
  const passages = found.flatMap((each) => {
    if (each.externalId.startsWith(pairPrefix)) return [each];
    const { passage, isPoisoned } = clean(each);
    if (isPoisoned) poisoned.add(addressesModel(each.title) ? (each.url ?? each.externalId) : each.title);
    return passage === null ? [] : [passage];
  });
  return { passages, poisoned: [...poisoned] };
}

/** What the owner is told of pages that address the model. */
export function poisonedReasons(poisoned: readonly string[]): ConfidenceReason[] {
  return poisoned.map((title) => ({
    code: 'addresses-model',
    text: `The page “${title}” gives orders to an assistant; those sentences were left out`,
    effect: 'neutral',
  }));
}
