import { describe, expect, it } from 'vitest';
import { ask, order } from '../../testing/small-index.ts';
import { createAnalyzer } from '../analysis/analyze.ts';
import { dependence, pointsBack, turnWeights, type HistoryTurn } from './conversation.ts';
import { fuse } from './fuse.ts';
import { chooseMerge, isMostlyDead, maxSingles } from './merge-policy.ts';
import { siteLanguageOf } from './site-language.ts';
import { recipe, type Part, type Recipe } from './recipe.ts';
import { standaloneQuery } from './standalone.ts';

const analyzer = createAnalyzer();

/** The recipe with the weight of all parts but one set to 0. */
function only(part: Part): Recipe {
  const parts = structuredClone(recipe.parts);
  for (const name of Object.keys(parts)) {
    const rule = Reflect.get(parts, name) as { weight: number };
    rule.weight = name === part ? 1 : 0;
  }
  return { ...recipe, parts };
}

describe('a question for a number or an address', () => {
  const pages = [
    { title: 'Privacy', texts: ['Your phone number is safe with us, as any number is.'] },
    { title: 'Contact', texts: ['Call 0555 010 220.'] },
    { title: 'Kayaks', texts: ['A kayak holds a number of people.'] },
  ];

  it('finds the page that says contact, which no other question does', () => {
    expect(order(pages, "What's the phone number?")).toContain(2);
    expect(order(pages, 'Is my phone number safe?')).not.toContain(2);
  });
});

describe('BM25', () => {
  it('is what the formula says', () => {
    const pages = [{ texts: ['kayak kayak kayak repair'] }, { texts: ['kayak'] }, { texts: ['boots'] }];
    const { candidates } = ask(pages, 'kayak', { recipe: only('body') });
    const idf = Math.log(1 + (3 - 2 + 0.5) / (2 + 0.5));
    const score = (frequency: number, length: number) =>
      (idf * frequency * 2.2) / (frequency + 1.2 * (0.25 + (0.75 * length) / 2));
    const found = new Map(candidates.map((candidate) => [candidate.passageId, candidate.score]));
    expect([...found.keys()].toSorted()).toEqual([1, 2]);
    expect(found.get(1)).toBeCloseTo(score(3, 4), 9);
    expect(found.get(2)).toBeCloseTo(score(1, 1), 9);
  });

  it('counts several forms of one word, by language, as one word', () => {
    const pages = [
      { texts: ['the running shoes'], language: 'en' },
      { texts: ['de running schoenen'], language: 'nl' },
    ];
    expect(order(pages, 'running', { languages: ['en', 'nl'], recipe: only('body') }).toSorted()).toEqual([
      1, 2,
    ]);
    expect(order(pages, 'running', { languages: ['nl'], recipe: only('body') })).toEqual([2]);
  });
});

describe('the parts of the recipe', () => {
  it('a title counts for all passages of its document', () => {
    const pages = [{ title: 'Warranty', texts: ['First.', 'Second.'] }, { texts: ['Warranty is warranty.'] }];
    expect(order(pages, 'warranty', { recipe: only('title') })).toEqual([1, 2]);
  });

  it('a title that is a question counts its words of grammar, others do not', () => {
    const pages = [
      { title: 'Can I pay by card?', texts: ['Yes.'] },
      { title: 'Paying by card', texts: ['Yes.'] },
    ];
    expect(order(pages, 'can i', { recipe: only('questionTitle') })).toEqual([1]);
  });

  it("an owner's other wordings find a document like its title, however many there are", () => {
    const aliases = [
      'Can I send it back?',
      'money back',
      'I do not want it any more',
      'wrong size',
      'it does not fit',
    ];
    const pages = [
      { title: 'Returns', aliases, texts: ['Print the label in your account.'] },
      { title: 'Money', texts: ['How we count our money at the back of the shop.'] },
    ];
    expect(order(pages, 'can i get my money back?')[0]).toBe(1);
    expect(order(pages, 'it does not fit me')[0]).toBe(1);
    expect(
      order([{ title: 'Returns', texts: ['Label.'] }, ...pages.slice(1)], 'it does not fit me')[0],
    ).not.toBe(1);
  });

  it('pairs reward neighbours in either order, across words of grammar', () => {
    const pages = [
      { texts: ['return of the boots'] },
      { texts: ['boots and a return'] },
      { texts: ['return everything but keep the boots'] },
    ];
    expect(order(pages, 'return my boots', { recipe: only('pair') })).toEqual([1, 2]);
    expect(order(pages, 'return keep boots', { recipe: only('skip') })).toEqual([1, 2]);
  });

  it('4-grams find the misspelt and the compound', () => {
    const pages = [{ texts: ['A warranty of five years.'] }, { texts: ['Parcels on Monday.'] }];
    expect(order(pages, 'waranty')).toEqual([1]);
    const german = [{ texts: ['Die Kündigungsfrist beträgt drei Monate.'], language: 'de' }];
    expect(order(german, 'Kündigung', { languages: ['de'] })).toEqual([1]);
  });

  it('words of grammar weigh little, but are never dropped', () => {
    const pages = [{ texts: ['to be or not to be'] }, { texts: ['a page of something else'] }];
    expect(order(pages, 'to be or not to be')[0]).toBe(1);
  });
});

describe('the order', () => {
  it('is by score, then by id, and cut at the limit', () => {
    const pages = [{ texts: ['kayak', 'kayak', 'kayak kayak', 'kayak'] }];
    expect(order(pages, 'kayak', { limit: 3 })).toEqual([3, 1, 2]);
    expect(order(pages, 'nothing of it')).toEqual([]);
    expect(order([], 'kayak')).toEqual([]);
  });
});

describe('the language of a question', () => {
  it('is the one of the site whose words of grammar it holds', () => {
    const languages = ['en', 'de', 'fr'];
    expect(siteLanguageOf(analyzer, 'Wie lange dauert der Versand?', languages)).toBe('de');
    expect(siteLanguageOf(analyzer, 'Quels sont les frais de port ?', languages)).toBe('fr');
    expect(siteLanguageOf(analyzer, 'warranty', languages)).toBe('en');
    expect(siteLanguageOf(analyzer, 'warranty', [])).toBeNull();
  });
});

describe('conversation', () => {
  const history: HistoryTurn[] = [
    { role: 'user', text: 'Do you sell kayaks?' },
    { role: 'agent', text: 'Yes, and paddles.' },
  ];
  const pages = [
    { title: 'Kayaks', texts: ['Our kayaks cost 400 euros.', 'They ship flat.'] },
    { title: 'Boots', texts: ['Our boots cost 90 euros.'] },
    { title: 'Ropes', texts: ['A rope costs 10 euros.'] },
    ...Array.from({ length: 40 }, (_, n) => ({
      title: `Shop ${String(n)}`,
      texts: [`Town ${String(n)} has a shop.`],
    })),
  ];

  it('is read where a question leans on it', () => {
    expect(order(pages, 'What do they cost?', { history })[0]).toBe(1);
    expect(order(pages, 'And boots?', { history })[0]).toBe(3);
  });

  it('does not outshout a question about something else, however much was said', () => {
    const said = Array.from({ length: 6 }, (_, turn): HistoryTurn => ({
      role: turn % 2 === 0 ? 'user' : 'agent',
      text: 'Kayaks and paddles: our kayaks cost 400 euros, and kayaks ship flat.',
    }));
    expect(order(pages, 'What does a rope cost?', { history: said })[0]).toBe(4);
    expect(order(pages, 'How much?', { history: said })[0]).toBeLessThan(3);
  });

  it('takes the reply to a question of ours for part of the topic', () => {
    const asked: HistoryTurn[] = [
      { role: 'user', text: 'Do you ship kayaks?' },
      { role: 'agent', text: 'Yes, flat. Where do you live?' },
    ];
    expect(order(pages, 'In town 7', { history: asked })[0]).toBeLessThan(3);
    const told = asked.map((turn) => ({ ...turn, text: turn.text.replaceAll('?', '.') }));
    expect(order(pages, 'In town 7', { history: told })[0]).toBe(12);
  });

  it.each([
    ['What about the Pro plan?', true],
    ['Is it waterproof?', true],
    ['Und was kostet das?', true],
    ['What does a tent cost?', false],
  ])('%s points back: %s', (question, expected) => {
    expect(pointsBack(question)).toBe(expected);
  });

  it('weighs turns by age and role', () => {
    expect(turnWeights(history)).toEqual([0.85, 0.4]);
    expect(turnWeights([])).toEqual([]);
  });

  it('a question of rare words stands alone, unless it points back', () => {
    const rare = [{ idf: 9 }, { idf: 9 }];
    expect(dependence('tent warranty', rare, 8)).toBe(0);
    expect(dependence('is it covered', rare, 8)).toBe(0.6);
    expect(dependence('', [], 8)).toBe(1);
  });

  it('adds the weightiest words of the history to what is embedded', () => {
    const question = 'What do they cost?';
    expect(standaloneQuery(question, history, ask(pages, question, { history }))).toContain('kayaks');
    expect(standaloneQuery(question, [], ask(pages, question))).toBe(question);
  });
});

describe('fusion', () => {
  const lexical = [
    { passageId: 1, segment: 0, document: 4, score: 10, bodyScore: 8, questionScore: 10 },
    { passageId: 2, segment: 1, document: 4, score: 9, bodyScore: 8, questionScore: 9 },
  ];

  it('adds a share of the best lexical score, by cosine', () => {
    const dense = [
      { passageId: 2, cosine: 0.9 },
      { passageId: 3, cosine: 0.7 },
      { passageId: 1, cosine: 0.5 },
    ];
    const fused = fuse({ lexical, dense, denseWeight: 1, possible: 0 });
    expect(fused.map((passage) => passage.passageId)).toEqual([2, 1, 3]);
    expect(fused.map((passage) => passage.score)).toEqual([19, 10, expect.closeTo(5)]);
    expect(fused[2]).toMatchObject({ lexicalScore: 0, cosine: 0.7 });
  });

  it('stands without either side', () => {
    expect(fuse({ lexical, dense: [], denseWeight: 1, possible: 0 }).map((passage) => passage.score)).toEqual(
      [10, 9],
    );
    const alone = fuse({ lexical: [], dense: [{ passageId: 3, cosine: 0.4 }], denseWeight: 1, possible: 0 });
    expect(alone).toEqual([
      {
        passageId: 3,
        document: null,
        score: 0,
        lexicalScore: 0,
        bodyScore: 0,
        questionScore: 0,
        cosine: 0.4,
      },
    ]);
    expect(fuse({ lexical: [], dense: [], denseWeight: 1, possible: 0 })).toEqual([]);
  });

  it('trusts vectors more where the words of the question are hardly found', () => {
    const dense = [
      { passageId: 3, cosine: 0.9 },
      { passageId: 1, cosine: 0.5 },
    ];
    const first = (possible: number) => fuse({ lexical, dense, denseWeight: 0.5, possible })[0]?.passageId;
    expect(first(12)).toBe(1);
    expect(first(40)).toBe(3);
  });

  it('keeps a passage once that two segments hold', () => {
    const again = { passageId: 1, segment: 2, document: 0, score: 3, bodyScore: 1, questionScore: 3 };
    const twice = [...lexical, again];
    expect(fuse({ lexical: twice, dense: [], denseWeight: 0, possible: 0 })).toHaveLength(2);
  });

  it('tells documents apart whose places in two segments are the same', () => {
    const fused = fuse({ lexical, dense: [], denseWeight: 0, possible: 0 });
    expect(new Set(fused.map(({ document }) => document)).size).toBe(2);
  });
});

describe('the merge policy', () => {
  const segment = (id: number, passageCount: number, blockBits = 4) => {
    return { id, passageCount, blockBits, bytes: passageCount * 2_000 };
  };

  it('gathers single documents first, then a full class of equals', () => {
    const singles = Array.from({ length: maxSingles }, (_, id) => segment(id, 5, 0));
    const equals = [segment(100, 300), segment(101, 400), segment(102, 900), segment(103, 500)];
    expect(chooseMerge([...equals, ...singles])).toEqual(singles);
    expect(chooseMerge([...equals, ...singles.slice(1)])).toEqual(equals);
    expect(chooseMerge([...equals.slice(1), segment(104, 5000), ...singles.slice(1)])).toBeNull();
    expect(chooseMerge([])).toBeNull();
  });

  it('gathers what was just published as soon as it is too much to be read at once', () => {
    const large = [segment(0, 1_000, 0), segment(1, 1_000, 0)];
    expect(chooseMerge(large)).toEqual(large);
    expect(chooseMerge(large.slice(1))).toBeNull();
  });

  it('leaves the largest alone', () => {
    expect(chooseMerge(Array.from({ length: 9 }, (_, id) => segment(id, 500_000)))).toBeNull();
  });

  it('rewrites what is mostly dead', () => {
    expect(isMostlyDead(10_000, 6_000)).toBe(true);
    expect(isMostlyDead(10_000, 8_000)).toBe(false);
    expect(isMostlyDead(600, 200)).toBe(false);
  });
});
