import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AnswerResponse, Problem } from '../../server/protocol/http.ts';
import { colleague, owner, sites } from './fake-data.ts';
import { fakeDocument, fakeIndex, fakePair, fakePairDocument, fakeSources } from './fake-knowledge.ts';

const passages = fakeDocument('https://shop.example/help/delivery').passages.map((passage, index) => ({
  documentId: 'https://shop.example/help/delivery',
  title: ['Delivery times and costs', 'Returns', 'Late parcels'][index] ?? '',
  url: 'https://shop.example/help/delivery',
  text: passage.text,
  score: [9.84, 6.1, 3.42][index] ?? 0,
}));

const answer: AnswerResponse = {
  answer:
    'Parcels inside the country arrive within two to three working days [1]. Delivery costs 4.90 euro up to 60 euro; above that it is free [1].',
  language: 'en',
  decision: 'answer',
  confidence: 0.87,
  reasons: [
    { code: 'coverage', text: 'Every word asked for stands in the passage.', effect: 'raises' },
    { code: 'margin', text: 'Two pages fit about equally well.', effect: 'lowers' },
  ],
  citations: [
    {
      marker: 1,
      documentId: 'https://shop.example/help/delivery',
      title: 'Delivery times and costs',
      url: 'https://shop.example/help/delivery',
      quote: 'Parcels inside the country arrive within two to three working days.',
    },
  ],
  isQuoted: true,
  explanation: {
    answerId: randomUUID(),
    handoffReason: null,
    standaloneQuery: 'How long does delivery take, and what does it cost?',
    signals: {
      lexicalCoverage: 0.83,
      ngramCosine: 0.61,
      sentenceOverlap: 0.74,
      documentMargin: 0.38,
      pairProximity: 0.5,
    },
    passages: passages.map((passage, index) => ({
      ...passage,
      headingPath: ['Delivery', ...(index === 0 ? [] : ['Costs'])],
      lexicalScore: passage.score,
      cosine: 0.6 - index / 10,
      reranked: [
        { placeBefore: 2, scoreBefore: 6.1, relevance: 0.94 },
        { placeBefore: 1, scoreBefore: 9.84, relevance: 0.41 },
        { placeBefore: 3, scoreBefore: 3.42, relevance: 0.08 },
      ][index],
    })),
    reranking: { outcome: 'answered', reason: null },
    caught: [
      { text: 'Express delivery is only 2 euro more [1].', findings: ['number'], isLeftOut: true },
      { text: 'Most customers are delighted [1].', findings: ['words'], isLeftOut: false },
    ],
    usage: { model: 'gpt-4.1-mini', inputTokens: 1840, outputTokens: 96, cost: 0.00089 },
  },
  timings: {
    language: 0.4,
    condense: 0.9,
    retrieve: 7.8,
    rerank: 84,
    gate: 0.3,
    generate: 3.1,
    verify: 1.2,
    total: 97.9,
  },
};

const report = {
  currency: 'EUR',
  days: [
    { day: '2026-03-11', answers: 148, inputTokens: 260_400, outputTokens: 14_210, cost: 0.13, caught: 3 },
    { day: '2026-03-10', answers: 131, inputTokens: 231_080, outputTokens: 12_655, cost: 0.11, caught: 1 },
  ],
  caught: [
    {
      answerId: randomUUID(),
      question: 'Can I get my money back for the tent?',
      createdAt: '2026-03-11T10:12:00.000Z',
      sentences: [
        { text: 'I will refund you the 240 euro today.', findings: ['number', 'promise'], isLeftOut: true },
      ],
    },
  ],
};

const curve = {
  points: Array.from({ length: 21 }, (_, step) => {
    const threshold = step / 20;
    const wrong = 0.24 * (1 - threshold) ** 1.6;
    return {
      threshold,
      automated: 1 - threshold ** 2.2,
      wrong,
      wrongLow: wrong * 0.6,
      wrongHigh: wrong * 1.5,
      judged: 38,
    };
  }),
  recentCount: 210,
  chosen: { threshold: 0.65, isCertain: false },
};
const goldenQuestions = [
  { question: 'How long does delivery take?', expected: 'two to three working days', isRight: true },
  { question: 'Do you deliver to islands?', expected: 'two more days', isRight: false },
  { question: 'Do you sell gift wrapping?', expected: null, isRight: null },
].map((each) => ({ ...each, id: randomUUID(), answerId: null, runAt: null }));
const keys = [
  { id: randomUUID(), name: 'Nightly import', createdAt: '2026-02-01T09:00:00.000Z', lastUsedAt: null },
];
const synonyms = [
  { id: randomUUID(), words: ['refund', 'money back', 'reimbursement'], means: [] },
  { id: randomUUID(), words: ['voucher', 'coupon'], means: ['gift card'] },
  { id: randomUUID(), words: ['parcel', 'package', 'delivery'], means: [] },
];
const withoutItems = fakeSources.map(({ items: _items, ...source }) => source);

async function stream(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (event: string, data: unknown) =>
    response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  for (const step of ['searching', 'reading', 'writing']) {
    send('step', { step });
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  for (const word of answer.answer.split(/(?<= )/)) {
    send('delta', { text: word });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  send('final', answer);
  response.end();
}

/** Whether the fake console must set up, sign in, or may go on; changed by `?as=` of the page's address. */
export const fakeAccess: { status: 'setup' | 'login' | 'in' } = { status: 'in' };

const problem: Problem = {
  type: 'about:blank',
  title: 'Not found',
  status: 404,
  code: 'not-found',
  detail: 'This does not exist, or not any more.',
  fix: 'Go back to the list and choose another.',
};

function find(method: string, path: string): unknown {
  const inSite = path.replace(/^\/sites\/[^/]+/, '/:site');
  const detail = /^\/:site\/sources\/([^/]+)$/.exec(inSite)?.[1];
  const pairId = /^\/:site\/sources\/[^/]+\/pairs\/([^/]+)$/.exec(inSite)?.[1];
  const documentId = /^\/:site\/documents\/([^/]+)$/.exec(inSite)?.[1];
  if (path === '/session') {
    if (method === 'POST') fakeAccess.status = 'in';
    if (method === 'DELETE') fakeAccess.status = 'login';
    return { needsSetup: fakeAccess.status === 'setup', account: fakeAccess.status === 'in' ? owner : null };
  }
  if (path === '/sites') return sites;
  if (path === '/agents') return [owner, colleague];
  if (path === '/keys')
    return method === 'POST'
      ? { ...keys[0], id: randomUUID(), key: 'dbk_fake_key_for_looking_at_screens' }
      : keys;
  if (inSite === '/:site') return sites[0];
  if (inSite === '/:site/answers/curve') return curve;
  if (inSite === '/:site/answers/report') return report;
  if (inSite.startsWith('/:site/golden-questions')) return goldenQuestions;
  if (inSite.endsWith('/judgement')) return {};
  if (inSite === '/:site/search') return { passages, timings: { retrieve: 7.8 } };
  if (inSite === '/:site/sources')
    return method === 'POST' ? { sourceId: fakeSources[0]?.id } : path.includes('/demo/') ? withoutItems : [];
  if (inSite === '/:site/index') return fakeIndex;
  if (inSite === '/:site/synonyms') return { synonyms };
  if (inSite === '/:site/documents') {
    const { text: _text, passages: all, ...summary } = fakeDocument('https://shop.example/help/delivery');
    return { documents: [{ ...summary, passageCount: all.length }], next: null };
  }
  if (pairId !== undefined) return fakePair(decodeURIComponent(pairId));
  if (detail !== undefined) {
    const source = fakeSources.find((one) => one.id === detail);
    return source === undefined ? undefined : { ...source, next: null };
  }
  if (documentId === undefined) return undefined;
  const id = decodeURIComponent(documentId);
  return id.startsWith('qa') ? fakePairDocument(id) : fakeDocument(id);
}

/** Answers the console's HTTP calls with made-up content of the right shape. */
export async function answerFakeApi(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const path = url.pathname.replace('/api/v1', '');
  if (path.endsWith('/answers')) return stream(response);
  const body = find(request.method ?? 'GET', path);
  const isKnown = body !== undefined;
  response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(isKnown ? body : problem));
}
