import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../analysis/analyze.ts';
import { readBlocks } from './blocks.ts';
import { readQuestionKind } from './question-kind.ts';
import { wordedAlone } from './question-wording.ts';
import { quote } from './quote.ts';
import { foundPassage } from '../../testing/passage.ts';

const analyzer = createAnalyzer();

const ask = (question: string, texts: readonly string[], language = 'en') =>
  quote(
    analyzer,
    wordedAlone(question, language),
    texts.map((text) => foundPassage(text, { language })),
  )?.parts.map(({ text }) => text);

describe('what is quoted', () => {
  it('the sentence that answers, not its neighbours about other things', () => {
    const text =
      'Our shop opened in 1998. Parcels to Switzerland take six working days. Dogs are welcome in the store. The café serves soup.';
    expect(ask('How long do parcels to Switzerland take?', [text])).toEqual([
      'Parcels to Switzerland take six working days.',
    ]);
  });

  it('nothing from elsewhere that only says again what the answer says', () => {
    const answer = 'Orders can be returned within 60 days.';
    const steps = '## Steps\n\n1. Open returned orders.\n2. Print the sheet.';
    expect(ask('How long can orders be returned?', [`${answer}\n\n${steps}`])).toEqual([answer]);
    const news = 'Shoes must be returned within 30 days.';
    expect(ask('How long can orders and shoes be returned?', [`${answer}\n\n## Shoes\n\n${news}`])).toEqual([
      answer,
      news,
    ]);
  });

  it('the passage of the best sentence first, and no single step of a list from elsewhere', () => {
    const aside = 'Members of the team read the nightly export.';
    const best = 'The nightly export of visits begins by itself.';
    const steps = '1. Open the settings.\n2. Choose the nightly export of visits.\n3. Close the settings.';
    expect(ask('nightly export of visits', [aside, best, steps])).toEqual([best, aside]);
  });

  it('a "Yes." only under the question that it answers', () => {
    const text = '## Can I pay by card?\n\nYes. Cards of all banks are taken as payment.';
    expect(ask('Can I pay by card?', [text])).toEqual(['Yes. Cards of all banks are taken as payment.']);
    expect(ask('Are foreign banks fine for payment?', [text])).toEqual([
      'Cards of all banks are taken as payment.',
    ]);
  });

  it('no more of a page for the name of the site in its title', () => {
    const text = 'A parcel is found within 6 days.';
    const support = (title: string) =>
      quote(analyzer, wordedAlone('Who runs Harrow Sports?', 'en'), [
        foundPassage(text, { title, headingPath: ['Parcels'] }),
      ])?.support;
    expect(support('Parcels | Harrow Sports')).toBe(support('Parcels'));
  });

  it('the whole list of steps, with its lead-in', () => {
    const text =
      'Our team checks each return.\n\nTo return an item:\n\n1. Open your orders.\n2. Choose the item.\n3. Print the label.\n\nRefunds follow.';
    expect(ask('How do I return an item?', [text])).toEqual([
      'To return an item:\n1. Open your orders.\n2. Choose the item.\n3. Print the label.',
    ]);
  });

  it('the row of a table under its head', () => {
    const text =
      '| Method | Price |\n| --- | --- |\n| Standard | 4.90 € |\n| Express | 12 € |\n| Pick-up | free |';
    expect(ask('What does express cost?', [text])).toEqual([
      '| Method | Price |\n| --- | --- |\n| Express | 12 € |',
    ]);
  });

  it('sentences of two pages, each as a part of its own', () => {
    const parts = quote(analyzer, wordedAlone('Is shipping free and are returns free?', 'en'), [
      foundPassage('Shipping is free above 50 euros.'),
      foundPassage('Returns are free within 30 days.'),
    ])?.parts;
    expect(parts?.map(({ passageIndex }) => passageIndex)).toEqual([0, 1]);
  });

  it('nothing, where there is nothing', () => {
    expect(ask('Anything?', [''])).toBeUndefined();
    expect(ask('Anything?', [])).toBeUndefined();
  });

  it('always word for word', () => {
    const word = fc.constantFrom(
      'shipping',
      'takes',
      '3',
      'days.',
      'Returns',
      '-',
      '1.',
      '|',
      '\n',
      '\n\n',
      '# Head\n',
      ':',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (words) => {
        const text = words.join(' ');
        for (const part of ask('How many days does shipping take?', [text]) ?? []) {
          for (const line of part.split('\n')) expect(text).toContain(line);
        }
      }),
    );
  });
});

describe('blocks', () => {
  it('tell headings, paragraphs, lists, tables and code apart', () => {
    const text =
      '# Head\nOne is here. Two.\n\n- a\n- b\n  more b\n\n| x | y |\n|---|---|\n| 1 | 2 |\n\n```\ncode. here\n```';
    const blocks = readBlocks(text);
    expect(blocks.map(({ type, units }) => `${type} ${String(units.length)}`)).toEqual([
      'heading 1',
      'paragraph 2',
      'list 2',
      'table 1',
      'code 1',
    ]);
  });

  it('do not end a sentence at an abbreviation or a decimal', () => {
    const text = 'Dr. Miller pays 4.90 euros, e.g. by card. She ships to St. Gallen.';
    expect(readBlocks(text)[0]?.units.map(({ start, end }) => text.slice(start, end))).toEqual([
      'Dr. Miller pays 4.90 euros, e.g. by card.',
      'She ships to St. Gallen.',
    ]);
  });
});

describe('the kind of a question', () => {
  it.each([
    ['How do I return an item?', 'procedure'],
    ['Wie kann ich einen Artikel zurückgeben?', 'procedure'],
    ['The connection failed, what now?', 'procedure'],
    ['How much is express shipping?', 'amount'],
    ['How long does it take?', 'amount'],
    ['Combien coûte la livraison ?', 'amount'],
    ['When do you open?', 'when'],
    ['Wann öffnet der Laden?', 'when'],
    ['Which payment methods do you accept?', 'list'],
    ['Who founded the shop?', 'who'],
    ['¿Dónde está la tienda?', 'where'],
    ['Why was my card declined?', 'why'],
    ['Can I pay by invoice?', 'yes-no'],
    ['Ist die Rückgabe kostenlos?', 'yes-no'],
    ['Warranty on zips', 'topic'],
    ['Redis connection refused', 'topic'],
    ['My parcel is broken', 'situation'],
    ['Which tent is the lightest?', 'other'],
    ['أي خيمة هي الأخف؟', 'other'],
    ['Τι χρώμα έχει η σκηνή;', 'other'],
    ['What is a funnel?', 'definition'],
    ['What does bounce rate mean?', 'definition'],
    ['Was ist ein Trichter?', 'definition'],
    ['What is the limit?', 'other'],
    ['What is your address?', 'other'],
    ['Can I get weekly reports by email?', 'yes-no'],
    ['Can I get an email address?', 'email'],
    ["What's the phone number?", 'phone'],
    ['Wie ist eure Telefonnummer?', 'phone'],
    ['How can I call you?', 'phone'],
    ['What is your e-mail address?', 'email'],
    ['How do I get in touch with you?', 'contact'],
    ['How do I change my phone number?', 'procedure'],
    ['Can I pay by phone?', 'yes-no'],
    ['Do you have a phone case?', 'yes-no'],
    ['Do you have email support?', 'yes-no'],
    ["What's my phone number?", 'situation'],
    ['How do I call the API?', 'procedure'],
    ['How do I reach the settings page?', 'procedure'],
    ['How do I change my contact details?', 'procedure'],
  ])('%s: %s', (question, kind) => {
    expect(readQuestionKind(question)).toBe(kind);
  });
});

describe('a number or an address to reach people by', () => {
  const said = 'Carriers need your phone number. Your phone number stays with us.';

  it('is taken from where it stands, whatever says more of it', () => {
    expect(ask("What's the phone number?", [said, 'Telephone 0555 010 220, in the morning.'])).toEqual([
      'Telephone 0555 010 220, in the morning.',
    ]);
    expect(
      ask('What is your email address?', ['Your email address is safe.', 'Write to a@b.example.']),
    ).toEqual(['Write to a@b.example.']);
  });

  it('is not supported by pages that hold none', () => {
    const found = quote(analyzer, wordedAlone("What's the phone number?", 'en'), [foundPassage(said)]);
    expect(found).toMatchObject({ support: 0, lacksKind: true });
    const other = quote(analyzer, wordedAlone('Is my phone number safe?', 'en'), [foundPassage(said)]);
    expect(other?.support).toBeGreaterThan(0.3);
  });

  it('is no order number and no date', () => {
    const others = ['Have FH20261123 ready.', 'Since 2026-11-23.', 'From 23.11.2026 on.', 'In 1998 - 2006.'];
    expect(ask('phone number', [...others, 'Ring 020 7946 0958.'])).toEqual(['Ring 020 7946 0958.']);
  });
});

describe('what a price costs', () => {
  it('need not be called a cost where an amount of money stands', () => {
    const [first] =
      ask('How much does a canoe cost?', ['Canoes cost us much work. A canoe is €25 a day.']) ?? [];
    expect(first).toContain('€25');
  });
});

describe('a follow-up', () => {
  const prices = ['| Thing | Price |', '| --- | --- |', '| Rowing boat | 40 |', '| Canoe | 25 |'].join('\n');

  it('takes the row of its own words, not that of the words from before', () => {
    const leaning = 'And for canoes? rowing boat price 40';
    const found = quote(analyzer, { ...wordedAlone('And for canoes?', 'en'), standalone: leaning }, [
      foundPassage(prices),
    ]);
    expect(found?.parts[0]?.text).toContain('Canoe');
    expect(found?.parts[0]?.text).not.toContain('Rowing');
  });
});
