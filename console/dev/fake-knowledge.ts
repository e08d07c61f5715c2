import { randomUUID } from 'node:crypto';
import type {
  DocumentView,
  IndexBuild,
  IndexStatus,
  Pair,
  Source,
  SourceItem,
  SourceItemState,
} from '../../server/protocol/http-knowledge.ts';

const at = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

interface FakeSource extends Source {
  items: SourceItem[];
}

const titles = [
  'Delivery times',
  'Returns',
  'Warranty',
  'Sizes',
  'Payment',
  'Your account',
  'Stores',
  'Repairs',
];
const item = (index: number, state: SourceItemState, reason: string | null): SourceItem => ({
  id: `https://shop.example/help/${index}`,
  url: `https://shop.example/help/${index}`,
  state,
  reason,
  title: state === 'indexed' ? `${titles[index % titles.length] ?? ''}` : null,
  passageCount: state === 'indexed' ? 2 + (index % 5) : null,
  documentId: state === 'indexed' || state === 'unchanged' ? `https://shop.example/help/${index}` : null,
  updatedAt: at(1),
});

const count = (items: readonly SourceItem[]): Record<string, number> => {
  const counts: Record<string, number> = { total: items.length };
  for (const { state } of items) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
};

const source = (given: Partial<FakeSource> & { items: SourceItem[] }): FakeSource => ({
  id: randomUUID(),
  siteId: 'demo',
  type: 'website',
  name: 'shop.example',
  url: 'https://shop.example/help',
  state: 'done',
  reason: null,
  counts: count(given.items),
  ocrItems: given.items.filter(({ ocr }) => ocr).length,
  createdAt: at(30),
  startedAt: at(30),
  finishedAt: at(29),
  ...given,
});

const range = (from: number, to: number, state: SourceItemState, reason: string | null) =>
  Array.from({ length: to - from }, (_, index) => item(from + index, state, reason));

const settings = {
  maxPages: 1000,
  maxDepth: 20,
  include: ['/help/**'],
  exclude: [],
  delayMs: 500,
  concurrency: 4,
};

/** Sources in every state that a screen must show. */
export const fakeSources: FakeSource[] = [
  source({
    name: 'Help pages',
    state: 'running',
    startedAt: at(0.5),
    perSecond: 1.4,
    settings,
    finishedAt: null,
    items: [
      ...range(0, 22, 'indexed', null),
      item(22, 'fetched', null),
      ...range(23, 36, 'found', null),
      item(36, 'skipped', 'robots.txt does not allow it. Allow the path there if it should be read.'),
      item(37, 'skipped', 'The page asks not to be indexed (noindex).'),
      item(38, 'failed', 'The server answered with status 500. It is tried again with the next reading.'),
      item(39, 'blocked', 'The page asks for a login.'),
    ],
  }),
  source({
    name: 'Old community forum',
    url: 'https://forum.shop.example',
    schedule: { everyMinutes: 1440 },
    settings,
    nextRunAt: at(-600),
    state: 'failed',
    reason: 'All 3 pages that were found answer with a bot challenge instead of their text.',
    items: range(0, 3, 'blocked', 'The site showed a bot challenge instead of the page.').map(
      (one, index) => ({
        ...one,
        id: `https://forum.shop.example/t/${index}`,
        url: `https://forum.shop.example/t/${index}`,
      }),
    ),
  }),
  source({
    name: 'Sizing guide and care cards',
    type: 'upload',
    url: null,
    items: [
      { ...item(1, 'indexed', null), id: 'sizing.md', url: null, title: 'Sizing guide' },
      { ...item(2, 'indexed', null), id: 'down-care.html', url: null, title: 'Washing down jackets' },
      { ...item(3, 'empty', 'The file holds no text.'), id: 'notes.txt', url: null },
      {
        ...item(4, 'skipped', 'It holds 3 entries, which are listed by name.'),
        id: 'warranty.zip',
        url: null,
      },
      {
        ...item(
          5,
          'indexed',
          'Stored as 4 passages. 2 pages without text were read by OCR, 91 of 100 sure of its words.',
        ),
        ocr: { pages: 2, confidence: 91 },
        id: 'warranty.zip/card-1998.pdf',
        url: null,
        title: 'Warranty card',
      },
      {
        ...item(6, 'failed', 'It is protected by a password. Upload it without one.'),
        id: 'warranty.zip/prices.xlsx',
        url: null,
      },
      {
        ...item(
          7,
          'skipped',
          'It seems to be an image, which cannot be read. Convert it to HTML, Markdown, text or PDF.',
        ),
        id: 'warranty.zip/logo.png',
        url: null,
      },
    ],
  }),
  source({
    name: 'Terms and returns',
    type: 'pages',
    url: 'https://shop.example/terms',
    schedule: { cron: '0 3 * * 1' },
    nextRunAt: at(-3000),
    items: [
      {
        ...item(1, 'unchanged', 'It is the same as when it was last read.'),
        id: 'https://shop.example/terms',
        title: 'Terms',
      },
      { ...item(2, 'indexed', null), id: 'https://shop.example/returns', title: 'Returns' },
    ],
  }),
  source({
    name: 'Opening hours',
    type: 'qa',
    url: null,
    items: [{ ...item(1, 'indexed', null), id: 'qa-1', url: null, title: 'When are you open on Sundays?' }],
  }),
];

const text = [
  'Parcels inside the country arrive **within two to three working days**. You get a link for following the parcel as soon as it leaves our store house.',
  'Delivery costs:\n\n- up to 60 euro: 4.90 euro\n- above: nothing\n- bulky goods such as boats: 29 euro',
  'If a parcel is late, write to us with the order number. We ask the carrier within a day, and send the goods anew when it is lost.',
];

/** The one pair of the list. */
export const fakePair = (id: string): Pair => ({
  id,
  question: 'When are you open on Sundays?',
  answer: 'From **ten to four**, and never in August.\n\nThe café opens an hour earlier.',
  alternatives: ['Are you open at the weekend?', 'Sunday hours'],
  url: null,
});

/** One document with three passages. */
export const fakeDocument = (id: string): DocumentView => {
  let start = 0;
  return {
    id,
    title: 'Delivery times and costs',
    url: 'https://shop.example/help/delivery',
    language: 'en',
    text: text.join('\n\n'),
    questions: ['How long does a parcel take?', 'Do you deliver on Sundays?'],
    astray: ['Do you deliver on Sundays?'],
    pair: null,
    updatedAt: at(29),
    passages: text.map((part, index) => {
      const passage = {
        id: String(index + 1),
        headingPath:
          [['Delivery'], ['Delivery', 'Costs'], ['Delivery', 'When something goes wrong', 'Late parcels']][
            index
          ] ?? [],
        anchor: [null, 'costs', 'late'][index] ?? null,
        page: index === 2 ? 4 : null,
        start,
        end: start + part.length,
        text: part,
        questions: index === 1 ? ['What do I pay for postage?'] : [],
      };
      start = passage.end + 2;
      return passage;
    }),
  };
};

/** The document that the list's pair is. */
export const fakePairDocument = (id: string): DocumentView => {
  const { question, answer, alternatives } = fakePair(id);
  const [passage, ...others] = fakeDocument(id).passages.slice(0, 1);
  const passages =
    passage === undefined ? others : [{ ...passage, headingPath: [], end: answer.length, text: answer }];
  return {
    ...fakeDocument(id),
    ...{ title: question, url: null, text: answer, questions: alternatives, passages },
    pair: { sourceId: 'opening-hours', pairId: id },
  };
};

/** The built-in embedder, and nothing to build. */
export const fakeIndex: IndexStatus = { live: { embedder: 'builtin-1-384', dimensions: 384 }, build: null };

/** Another embedder's vectors, a third of the way. */
export const fakeIndexBuild: IndexBuild = {
  embedder: 'openai:bge-m3:1024@https://models.shop.example/v1',
  dimensions: 1024,
  state: 'embedding',
  done: 4224,
  total: 12_480,
  perSecond: 41.5,
  secondsLeft: 199,
  ann: null,
  begunAt: at(2),
  reason: null,
  fix: null,
  retryAt: null,
};
