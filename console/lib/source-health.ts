import type { Source, SourceItemState } from '../../server/protocol/http-knowledge.ts';
import { count, itemStateOrder } from './words.ts';

/** Nothing more will happen to the source by itself. */
export const isFinished = (source: Source): boolean =>
  source.state === 'done' || source.state === 'failed' || source.state === 'cancelled';

/** Its pages stand elsewhere; files, documents and answers were handed over. */
export const isCrawled = (source: Source): boolean => source.type === 'website' || source.type === 'pages';

const of = (source: Source, state: SourceItemState): number => source.counts[state] ?? 0;

/** Pages or files known so far. */
export const totalOf = (source: Source): number =>
  source.counts['total'] ?? itemStateOrder.reduce((sum, state) => sum + of(source, state), 0);

/** Those whose fate is known. */
export const settledOf = (source: Source): number =>
  Math.max(0, totalOf(source) - of(source, 'found') - of(source, 'fetched'));

/** Those that answers can come from. */
const usableOf = (source: Source): number => of(source, 'indexed') + of(source, 'unchanged');

/** What a source's items are called. */
export const itemWord = (source: Source): { one: string; many: string } => {
  switch (source.type) {
    case 'website':
    case 'pages':
      return { one: 'page', many: 'pages' };
    case 'upload':
      return { one: 'file', many: 'files' };
    case 'qa':
      return { one: 'answer', many: 'answers' };
    case 'documents':
      return { one: 'document', many: 'documents' };
  }
};

/** One line on where a source stands: what is usable, what is left, what needs eyes. */
export const summarise = (source: Source): string => {
  const { one, many } = itemWord(source);
  const total = totalOf(source);
  if (total === 0) return isFinished(source) ? `No ${many} were found` : `Looking for ${many}`;
  if (!isFinished(source)) {
    return `${settledOf(source).toLocaleString()} of ${count(total, one, many)} settled`;
  }
  const troubled = of(source, 'failed') + of(source, 'blocked') + of(source, 'empty');
  const trouble = troubled === 0 ? '' : `, ${troubled.toLocaleString()} with a problem`;
  return `${count(usableOf(source), one, many)} in use${trouble}`;
};

export interface Advice {
  title: string;
  text: string;
  steps: readonly string[];
}

/** What an owner can do about a source that ended without anything to answer from; null when all is well. */
export const adviseOn = (source: Source): Advice | null => {
  if (!isFinished(source) || source.state === 'cancelled' || usableOf(source) > 0) return null;
  const reason = source.reason ?? 'Nothing could be stored from this source.';
  if (!isCrawled(source)) {
    return {
      title: 'Nothing could be read',
      text: reason,
      steps: [
        'Look at the reason beside each file below.',
        'Save the file in another form, such as PDF, Word, HTML or plain text, and upload it again.',
      ],
    };
  }
  const largest = (['blocked', 'skipped', 'empty', 'failed'] as const).toSorted(
    (left, right) => of(source, right) - of(source, left),
  )[0];
  return {
    title: 'Nothing could be read from this site',
    text: reason,
    steps: websiteSteps(source, largest),
  };
};

const websiteSteps = (source: Source, largest: SourceItemState | undefined): readonly string[] => {
  if (source.reason?.includes('public address')) {
    return [
      'The crawler reaches public addresses only, so that nobody can use it to look into your network.',
      'If this site is yours and inside your network, start Deskbell with its range in FETCH_ALLOW, such as 10.0.0.0/8.',
    ];
  }
  if (totalOf(source) === 0) {
    return [
      'Open the address in a browser and check that it is spelled right.',
      'If the site can only be reached inside your network, allow its address range with FETCH_ALLOW.',
    ];
  }
  switch (largest) {
    case 'blocked':
      return [
        'The site asks for a login or a proof of being human. Allow the Deskbell crawler there.',
        'Or upload the pages as files.',
      ];
    case 'skipped':
      return [
        'The reasons below say why pages were left out, such as robots.txt or noindex.',
        'If the site is yours, allow the Deskbell crawler in robots.txt, then read the site again.',
      ];
    case 'empty':
      return [
        'The pages hold no text until scripts have run. Give the address of a sitemap or of a plain version.',
        'Or upload the pages as files.',
      ];
    default:
      return [
        'Open the address in a browser and check that the site is up.',
        'Then read the site again. What was stored before stays in use meanwhile.',
      ];
  }
};
