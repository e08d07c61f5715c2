import { describe, expect, it } from 'vitest';
import { createAnalyzer } from '../analysis/analyze.ts';
import type { RetrievedPassage } from '../knowledge.ts';
import { wordedAlone } from './question-wording.ts';
import { quote } from './quote.ts';
import { foundPassage } from '../../testing/passage.ts';

const analyzer = createAnalyzer();

const ask = (question: string, ...passages: readonly RetrievedPassage[]) =>
  quote(analyzer, wordedAlone(question, 'en'), passages)?.parts.map(({ text }) => text);

const dump = '```\npg_dump shop > /tmp/shop.dump\n```';

describe('code', () => {
  it('is shown with the sentence that it belongs to', () => {
    const text = `Back up the database with this tool.\n\n${dump}\n\nCopy the file elsewhere.\n\n## Later\n\nRestore it.`;
    const [shown] = ask('How do I back up the database?', foundPassage(text)) ?? [];
    expect(shown).toContain(`Back up the database with this tool.\n${dump}`);
    expect(shown).not.toContain('Restore');
    expect(ask('Can I back up the database?', foundPassage(text))?.[0]).toContain('pg_dump');
  });

  it('belongs to what announces it, whatever was asked', () => {
    const text = `For the logs of the worker use,\n\n${dump}\n\nThey are kept for a week.`;
    expect(ask('Where are the logs of the worker?', foundPassage(text))?.[0]).toContain('pg_dump');
    expect(ask('Where are the logs kept?', foundPassage(`The logs are in this folder.\n\n${dump}`))).toEqual([
      'The logs are in this folder.',
    ]);
  });

  it('stays with its step, and the steps are one list', () => {
    const steps = `1. Stop the service.\n\n${dump}\n\n2. Restart the service.\n\nA picture\n\n3. Look at the page.`;
    expect(ask('How do I restart the service?', foundPassage(steps))).toEqual([steps]);
  });
});

describe('steps', () => {
  it('do not go on with bullets behind them, nor with the steps of another heading', () => {
    const steps = '1. Open the orders.\n2. Send the order back.';
    const links = '- Prices of an order\n- Orders of last year';
    expect(ask('How do I send an order back?', foundPassage(`${steps}\n\n${links}`))).toEqual([steps]);
    const other = '## Shoes\n\n3. Wrap the shoes.\n4. Ring the courier.';
    expect(ask('How do I send an order back?', foundPassage(`${steps}\n\n${other}`))).toEqual([steps]);
  });

  it('are shown around the best one where all are too many', () => {
    const many = Array.from(
      { length: 30 },
      (_, index) => `${String(index + 1)}. ${'Turn the wheel. '.repeat(8)}`,
    );
    many[14] = '15. Open the valve of the pump.';
    const [shown] = ask('How do I open the valve of the pump?', foundPassage(many.join('\n'))) ?? [];
    expect(shown).toContain('Open the valve');
    expect(shown).toContain('16. Turn');
    expect(shown?.length).toBeLessThanOrEqual(1500);
  });
});

describe('what goes with an answer', () => {
  it('is what follows a short paragraph on what to do', () => {
    const text =
      'Open the settings to embed the dashboard.\n\nChoose a theme there.\n\n## Prices\n\nIt is free.';
    expect(ask('How do I embed the dashboard?', foundPassage(text))).toEqual([
      'Open the settings to embed the dashboard.\nChoose a theme there.',
    ]);
  });

  it('does not go on for ever', () => {
    const text = `Open the settings to embed the dashboard.\n\n${'Choose a theme there. '.repeat(80)}`;
    expect(ask('How do I embed the dashboard?', foundPassage(text))?.[0]).toBe(
      'Open the settings to embed the dashboard.',
    );
  });

  it('is no sentence that announces what is not shown', () => {
    const best = 'Mail is sent by the mail server.';
    const open = 'To send mail by another server, set these variables:';
    expect(ask('Which server sends mail?', foundPassage(`${best}\n\n## Mail\n\n${open}`))).toEqual([best]);
  });

  it('stands near the best sentence rather than elsewhere', () => {
    const far = foundPassage('Tents are sold here. Tents are rented here. Tents are mended here.', {
      passageId: 2,
    });
    const near = 'Tents are stored in the cellar. Tents are kept dry there.';
    expect(ask('Where are tents stored?', far, foundPassage(near))?.[0]).toBe(near);
  });
});

describe('what a thing is', () => {
  it('is told by the sentence that says so', () => {
    const used = 'A deposit of a canoe is paid in the shop, and a deposit is paid once.';
    const said = 'A deposit is money that you get back.';
    expect(ask('What is a deposit?', foundPassage(`${used}\n\n## More\n\n${said}`))?.join(' ')).toContain(
      said,
    );
    expect(ask('What is a deposit?', foundPassage(used), foundPassage(said, { passageId: 2 }))?.[0]).toBe(
      said,
    );
  });

  it('is told by the opening of the page about it', () => {
    const opening = foundPassage('Follow a visitor from step to step.', { title: 'Funnels' });
    const other = foundPassage('Funnels of shops end at the till.', { passageId: 2, title: 'Tills' });
    expect(ask('What is a funnel?', other, opening)?.[0]).toBe('Follow a visitor from step to step.');
    expect(ask('Which funnels end at the till?', other, opening)?.[0]).toContain('Funnels of shops');
  });
});
