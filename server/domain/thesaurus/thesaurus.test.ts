import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../analysis/analyze.ts';
import { createThesaurus } from './thesaurus.ts';
import { accountWords } from './words-account.ts';
import { everydayWords } from './words-everyday.ts';
import { shopWords } from './words-shop.ts';

const analyzer = createAnalyzer();
const thesaurus = createThesaurus(analyzer);

/** What a question becomes on a site whose pages hold `said`. */
function onSite(said: string, question: string): string | null {
  const words = thesaurus.find(question);
  const stems = new Set(analyzer.analyze(said, 'en').map(({ stem }) => stem));
  const all = words.flatMap(({ own, others }) => [own, ...others]);
  const held = new Set(
    all.filter((word) => word.stems.every((stem) => stems.has(stem))).map(({ key }) => key),
  );
  return thesaurus.reword(question, words, (key) => (held.has(key) ? 1 : 0));
}

describe('words that the pages do not use', () => {
  it('are put as the pages put them, and the rest of the question stays as it is', () => {
    expect(onSite('A backpack for day walks.', 'Which rucksacks do you have, please?')).toBe(
      'Which backpack do you have, please?',
    );
  });

  it('stay where the pages use them, or have no other word for them either', () => {
    expect(onSite('Rucksacks and a backpack.', 'Which rucksacks do you have?')).toBeNull();
    expect(onSite('Boats on the lake.', 'Which rucksacks do you have?')).toBeNull();
  });

  it('may be phrases, and become phrases', () => {
    expect(onSite('We take used boots.', 'Do you sell second-hand boots?')).toBe('Do you sell used boots?');
    expect(onSite('Choose sign in.', 'Where is the logon?')).toBe('Where is the sign in?');
  });

  it('are put in the nearest word that there is', () => {
    expect(onSite('A broken and damaged thing.', 'It was crushed.')).toBe('It was damaged.');
    expect(onSite('A broken thing.', 'It was crushed.')).toBe('It was broken.');
  });
});

describe('the lists', () => {
  const lines = `${shopWords}${accountWords}${everydayWords}`.split('\n').filter(Boolean);

  it('name at least one other word each, and none that has the same stem', () => {
    expect(lines.length).toBeGreaterThan(500);
    const stemsOf = (entry: string) =>
      analyzer
        .analyze(entry.replaceAll('_', ' '), 'en')
        .map(({ stem }) => stem)
        .join(' ');
    expect(lines.filter((line) => new Set(line.split(' ').map(stemsOf)).size < 2)).toEqual([]);
  });

  it('have each entry once a line', () => {
    expect(lines.filter((line) => new Set(line.split(' ')).size < line.split(' ').length)).toEqual([]);
  });
});
