import { describe, expect, it } from 'vitest';
import { createAnalyzer } from './analyze.ts';
import { embedText } from './embed-text.ts';
import { createProfileCosine, gramProfile } from './gram-profile.ts';
import { visitGrams } from './grams.ts';
import { isQuestion } from './question.ts';
import { createStemmers } from './stem.ts';
import { isDocumentKey, keyBits, termKey } from './term-key.ts';
import { normalizeText, tokenize } from './tokenize.ts';

const words = (text: string) => tokenize(normalizeText(text));

describe('tokenize', () => {
  it('folds case, width and compatibility forms', () => {
    expect(words('Ｆｕｌｌ Width ﬁne')).toEqual(['full', 'width', 'fine']);
  });

  it('parts words at anything but letters, marks and digits', () => {
    expect(words("What's the re-fund? 65,000")).toEqual(['what', 's', 'the', 're', 'fund', '65', '000']);
  });

  it('keeps marks with their letters', () => {
    expect(words('हिन्दी é')).toEqual(['हिन्दी', 'é']);
  });

  it('cuts scripts without spaces into pairs, and only those', () => {
    expect(words('東京へ')).toEqual(['東京', '京へ']);
    expect(words('iPhone15の価格')).toEqual(['iphone15', 'の価', '価格']);
    expect(words('駅')).toEqual(['駅']);
    expect(words('ราคา')).toEqual(['รา', 'าค', 'คา']);
    expect(words('배송비는')).toEqual(['배송', '송비', '비는']);
  });
});

describe('stemming', () => {
  const stemmer = createStemmers();

  it.each([
    ['en', 'refunds', 'refunding'],
    ['de', 'kündigungen', 'kündigung'],
    ['es', 'devoluciones', 'devolución'],
    ['fr', 'livraisons', 'livraison'],
    ['ru', 'возвраты', 'возвратов'],
    ['tr', 'kitaplar', 'kitap'],
    ['ar', 'الكتاب', 'كتاب'],
    ['el', 'επιστροφές', 'επιστροφή'],
    ['fi', 'talossa', 'talot'],
    ['hi', 'किताबें', 'किताब'],
    ['hu', 'könyvek', 'könyv'],
    ['id', 'pembayaran', 'bayar'],
    ['it', 'spedizioni', 'spedizione'],
    ['nl', 'boeken', 'boek'],
    ['pt', 'devoluções', 'devolução'],
    ['ro', 'comenzile', 'comenzi'],
    ['sr', 'porudžbine', 'porudžbina'],
    ['sv', 'böckerna', 'böcker'],
    ['uk', 'доставка', 'доставкою'],
  ])('joins forms of a word in %s', (language, first, second) => {
    const { stem, isKnown } = stemmer(language);
    expect(isKnown).toBe(true);
    expect(stem(first)).toBe(stem(second));
    expect(stem(first)).toBe(stem(first));
  });

  it('leaves words of unknown languages alone', () => {
    expect(stemmer(null).stem('refunds')).toBe('refunds');
    expect(stemmer('xx').isKnown).toBe(false);
  });
});

describe('the same text', () => {
  it('has the same words every time', () => {
    const analyzer = createAnalyzer();
    const surfaces = () => analyzer.analyze('返品できますか', 'ja').map((token) => token.surface);
    const first = surfaces();
    expect(first).toEqual(['返品', '品で', 'でき', 'きま', 'ます', 'すか']);
    expect(surfaces()).toEqual(first);
  });
});

describe('words of grammar where words are not parted by spaces', () => {
  const analyzer = createAnalyzer();
  it.each([
    ['zh', '退款需要什么', ['什么']],
    ['ja', '返品できますか', ['でき', 'きま', 'ます', 'すか']],
    ['ko', '환불은 어떻게', ['어떻', '떻게']],
    ['th', 'คืนเงินอย่างไร', ['อย', 'ย่', '่า', 'าง', 'งไ', 'ไร']],
  ])('are the pairs that lie in them: %s', (language, text, expected) => {
    const found = analyzer.analyze(text, language).filter((token) => token.isFunction);
    expect(found.map((token) => token.surface)).toEqual(expect.arrayContaining(expected));
    const content = analyzer.analyze(text, language).filter((token) => !token.isFunction);
    expect(content.length).toBeGreaterThan(0);
    expect(analyzer.analyze(text, null).some((token) => token.isFunction)).toBe(false);
  });
});

describe('compounds', () => {
  const analyzer = createAnalyzer();
  const readings = (word: string, language: string | null) =>
    analyzer.splits(word, language).flatMap(({ lefts, right }) => lefts.map((left) => `${left} ${right}`));

  it('are read as every two words that they may be made of, linking letters left out', () => {
    expect(readings('hausarzt', 'de')).toEqual(['haus arzt']);
    expect(readings('rückgabefrist', 'de')).toContain('ruckgab frist');
    expect(readings('versicherungsnummer', 'de')).toContain('versicher numm');
    expect(readings('leverandørskifte', 'da')).toContain('leverandør skift');
  });

  it('are not looked for in languages that part words, in short words, or in numbers', () => {
    expect(readings('breakfast', 'en')).toEqual([]);
    expect(readings('tasche', 'de')).toEqual([]);
    expect(readings('modell12345', 'de')).toEqual([]);
  });
});

describe('analysis', () => {
  const analyzer = createAnalyzer();

  it('tells words of grammar from words of content, by language', () => {
    const functions = (text: string, language: string | null) =>
      analyzer
        .analyze(text, language)
        .filter((token) => token.isFunction)
        .map((token) => token.surface);
    expect(functions('How do I return the boots?', 'en')).toEqual(['how', 'do', 'i', 'the']);
    expect(functions('Wie gebe ich die Schuhe zurück?', 'de')).toEqual(['wie', 'ich', 'die']);
    expect(functions('die boots', null)).toEqual([]);
  });
});

describe('character 4-grams', () => {
  const grams = (word: string) => {
    const found: string[] = [];
    visitGrams(word, (padded, start, end) => found.push(padded.slice(start, end)));
    return found;
  };

  it('count the boundaries and never leave the word', () => {
    expect(grams('tent')).toEqual(['_ten', 'tent', 'ent_']);
    expect(grams('ab')).toEqual(['_ab_']);
    expect(grams('a')).toEqual(['_a_']);
  });
});

describe('term keys', () => {
  it('fit 48 bits, differ by field, and tell document fields', () => {
    const keys = (['body', 'pair', 'gram', 'title', 'titleGram'] as const).map((field) =>
      termKey(field, 'x'),
    );
    expect(new Set(keys).size).toBe(5);
    expect(keys.every((key) => Number.isInteger(key) && key >= 0 && key < 2 ** keyBits)).toBe(true);
    expect(keys.map(isDocumentKey)).toEqual([false, false, false, true, true]);
  });

  it('of a part of a word are those of that part', () => {
    expect(termKey('gram', '_tents_', 1, 5)).toBe(termKey('gram', 'tent'));
  });

  it('do not meet for a hundred thousand words, and spread over the first bits', () => {
    const keys = new Set<number>();
    const buckets = new Array<number>(16).fill(0);
    for (let index = 0; index < 100_000; index += 1) {
      const key = termKey('body', `word${String(index)}`);
      keys.add(key);
      buckets[Math.floor(key / 2 ** (keyBits - 4))]! += 1;
    }
    expect(keys.size).toBe(100_000);
    expect(Math.max(...buckets) / Math.min(...buckets)).toBeLessThan(1.1);
  });
});

describe('isQuestion', () => {
  it.each([
    ['What is a deposit?', null, true],
    ['How do I pay', 'en', true],
    ['Wie bezahle ich', 'de', true],
    ['配送料はいくらですか？', 'ja', true],
    ['Πώς πληρώνω;', 'el', true],
    ['Shipping and returns', 'en', false],
    ['How do I pay', null, false],
    ['First; second;', 'en', false],
    ['', 'en', false],
  ])('%s (%s): %s', (text, language, expected) => {
    expect(isQuestion(text, language)).toBe(expected);
  });
});

describe('the built-in vectors', () => {
  const dot = (first: Float32Array, second: Float32Array) =>
    first.reduce((sum, value, index) => sum + value * (second[index] ?? 0), 0);

  it('have length 1, also for an empty text', () => {
    for (const text of ['Refunds take a week.', '', '!?']) {
      expect(dot(embedText(text, 384), embedText(text, 384))).toBeCloseTo(1, 5);
    }
  });

  it('are nearer for texts that share words, or parts of words, than for others', () => {
    const question = embedText('tent warranty', 384);
    const close = dot(question, embedText('Our tents have a warranty of five years.', 384));
    const spelt = dot(question, embedText('The waranty covers every tent', 384));
    const far = dot(question, embedText('Parcels leave on Monday morning', 384));
    expect(close).toBeGreaterThan(far + 0.2);
    expect(spelt).toBeGreaterThan(far + 0.2);
  });

  it('come near the exact cosine of the profiles', () => {
    const first = 'Our tents have a warranty of five years against broken poles.';
    const second = 'How long is the warranty of a tent?';
    const exact = createProfileCosine(gramProfile(first))(second);
    expect(createProfileCosine(gramProfile(first))(first)).toBeCloseTo(1, 9);
    expect(createProfileCosine(gramProfile(first))('')).toBe(0);
    expect(Math.abs(dot(embedText(first, 4096), embedText(second, 4096)) - exact)).toBeLessThan(0.05);
  });
});
