import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInline, parsePlain, safeHref, type Inline } from './markdown-inline.ts';
import { parseMarkdown, type Block } from './markdown.ts';

/** Every address in a tree. */
function hrefs(nodes: readonly (Inline | Block)[]): string[] {
  return nodes.flatMap((node): string[] => {
    switch (node.type) {
      case 'link':
        return [node.href, ...hrefs(node.children)];
      case 'strong':
      case 'emphasis':
      case 'paragraph':
      case 'heading':
      case 'quote':
        return hrefs(node.children);
      case 'list':
        return node.items.flatMap((item) => hrefs(item));
      case 'table':
        return [...node.head, ...node.rows.flat()].flatMap((cell) => hrefs(cell));
      default:
        return [];
    }
  });
}

function textOf(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      switch (node.type) {
        case 'text':
        case 'code':
          return node.text;
        case 'break':
          return '\n';
        case 'citation':
          return `[${node.marker}]`;
        default:
          return textOf(node.children);
      }
    })
    .join('');
}

const text = (value: string): Inline => ({ type: 'text', text: value });

describe('parseInline', () => {
  it('reads bold, italic, code and citation marks', () => {
    expect(parseInline('Pay **within 30 days** by *card* with `code 7` [1][2, 3].')).toEqual([
      text('Pay '),
      { type: 'strong', children: [text('within 30 days')] },
      text(' by '),
      { type: 'emphasis', children: [text('card')] },
      text(' with '),
      { type: 'code', text: 'code 7' },
      text(' '),
      { type: 'citation', marker: 1 },
      { type: 'citation', marker: 2 },
      { type: 'citation', marker: 3 },
      text('.'),
    ]);
  });

  it('keeps marks that mean nothing', () => {
    for (const plain of [
      '2 * 3 * 4',
      'snake_case_name',
      'a ** b',
      '[x]',
      '5 < 6 > 4',
      'unclosed **bold',
      '![',
    ]) {
      const nodes = parseInline(plain);
      expect(textOf(nodes)).toBe(plain);
      expect(nodes.every((node) => node.type === 'text')).toBe(true);
    }
  });

  it('links labels, angle addresses and bare addresses without the end of the sentence', () => {
    const nodes = parseInline(
      'See [our page](https://shop.example/a_(b)), <help@shop.example>, https://shop.example/x.',
    );
    expect(hrefs(nodes)).toEqual([
      'https://shop.example/a_(b)',
      'mailto:help@shop.example',
      'https://shop.example/x',
    ]);
    expect(textOf(nodes)).toBe('See our page, help@shop.example, https://shop.example/x.');
  });

  it('never puts a link into a link', () => {
    for (const label of [
      'https://a.example',
      '<https://a.example>',
      '**https://a.example**',
      '[a](https://b.example)',
    ]) {
      for (const node of parseInline(`[${label}](https://ok.example/)`)) {
        if (node.type === 'link') expect(hrefs(node.children)).toEqual([]);
      }
    }
    expect(parseInline('[x [a](https://b.example/)')).toEqual([
      text('[x '),
      { type: 'link', href: 'https://b.example/', children: [text('a')] },
    ]);
    expect(hrefs(parseInline('[https://a.example](https://ok.example/)'))).toEqual(['https://ok.example/']);
  });

  it('shows an image as its alternative text only', () => {
    expect(parseInline('![map](https://evil.example/?q=secret)')).toEqual([text('map')]);
  });

  it('closes or holds back what is unfinished while streaming', () => {
    const streaming = { isStreaming: true };
    expect(parseInline('You have **30 da', streaming)).toEqual([
      text('You have '),
      { type: 'strong', children: [text('30 da')] },
    ]);
    expect(textOf(parseInline('It is free. [1', streaming))).toBe('It is free. ');
    expect(textOf(parseInline('See [our page](https://sh', streaming))).toBe('See our page');
    expect(textOf(parseInline('You have **', streaming))).toBe('You have ');
  });
});

describe('safeHref', () => {
  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'java\tscript:alert(1)',
    '\u0001javascript:alert(1)',
    ' https://a.example',
    'data:text/html,<script>1</script>',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://a.example/1',
    '//evil.example',
    '/relative',
    'https:evil.example',
    'http:///evil.example',
    'https://user:pass@evil.example',
    'https://a.example/\u202Egpj',
    'https://',
    'x'.repeat(3000),
  ])('refuses %j', (address) => {
    expect(safeHref(address)).toBeNull();
  });

  it('accepts absolute web and mail addresses', () => {
    expect(safeHref('https://shop.example/a?b=1#c')).toBe('https://shop.example/a?b=1#c');
    expect(safeHref('mailto:help@shop.example')).toBe('mailto:help@shop.example');
  });

  const payloads = [
    '[a](javascript:alert(1))',
    '[a](  javascript:alert(1))',
    '[a](<javascript:alert(1)>)',
    '[a](data:text/html;base64,PHNjcmlwdD4=)',
    '[a](java&#115;cript:alert(1))',
    '[a](jav\\nascript:alert(1))',
    '[![a](https://x.example/i.png)](javascript:alert(1))',
    '[[a](https://ok.example)](javascript:alert(1))',
    '<javascript:alert(1)>',
    '<img src=x onerror=alert(1)>',
    '<a href="javascript:alert(1)">x</a>',
    '**[a](javascript:alert(1))**',
    '| a |\n|---|\n| [a](javascript:alert(1)) |',
    '- > [a](vbscript:x)',
    'https://ok.example"onmouseover="alert(1)',
    '`[a](javascript:alert(1))`',
    '\\[a](javascript:alert(1))',
    '[a](https://ok.example "x" onerror=alert(1))',
  ];
  it.each(payloads)('lets no other scheme through: %s', (payload) => {
    for (const isStreaming of [false, true]) {
      for (const href of hrefs(parseMarkdown(payload, { isStreaming }))) {
        expect(href).toMatch(/^(?:https?:\/\/(?:ok|x)\.example|mailto:)/u);
        expect(href).not.toMatch(/["'<>\s]/u);
      }
    }
  });
});

describe('parseMarkdown', () => {
  it('reads paragraphs, headings, lists, code, quotes, tables and rules', () => {
    const blocks = parseMarkdown(
      '## Returns\nSend it\nback.\n\n3. Pack it\n4. Print the label\n   - keep the receipt\n\n5. Post it\n\n' +
        '```sh\n**raw**\n```\n> quoted\n\n| Size | EU |\n|---|---:|\n| S | 36 \\| 37 |\n---\nEnd',
    );
    expect(blocks.map((block) => block.type)).toEqual([
      'heading',
      'paragraph',
      'list',
      'code',
      'quote',
      'table',
      'rule',
      'paragraph',
    ]);
    expect(blocks[1]).toEqual({
      type: 'paragraph',
      children: [text('Send it'), { type: 'break' }, text('back.')],
    });
    expect(blocks[2]).toMatchObject({ isOrdered: true, start: 3, items: { length: 3 } });
    expect(blocks[2]).toMatchObject({
      items: { 1: [{ type: 'paragraph' }, { type: 'list', isOrdered: false }] },
    });
    expect(blocks[3]).toEqual({ type: 'code', text: '**raw**' });
    expect(blocks[5]).toMatchObject({ rows: [[[text('S')], [text('36 | 37')]]] });
  });

  it('keeps what stands behind the last column of a table, such as a citation', () => {
    const [table] = parseMarkdown('| a | b |\n|---|---|\n| 1 | 2 | [4]\n| 3 |');
    const cell = [text('2 '), { type: 'citation', marker: 4 }];
    expect(table).toMatchObject({
      rows: [
        [[text('1')], cell],
        [[text('3')], []],
      ],
    });
  });

  it('leaves HTML as text', () => {
    const html = '<script>alert(1)</script><b onclick="x">hi</b>';
    expect(parseMarkdown(html)).toEqual([{ type: 'paragraph', children: [text(html)] }]);
  });

  it('shows at every length of a stream only characters that the whole text has, in order', () => {
    const whole =
      'You can **return** items within *30 days* [1]. See [returns](https://shop.example/r).\n\n1. Pack it\n2. Post it [2]';
    for (let length = 0; length <= whole.length; length += 1) {
      const blocks = parseMarkdown(whole.slice(0, length), { isStreaming: true });
      const shown = JSON.stringify(blocks);
      expect(shown).not.toMatch(/\*\*|\]\(|"\[\d/u);
    }
  });

  it('never throws and stays shallow and safe on any text', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      '*',
      '**',
      '_',
      '`',
      '```',
      '<',
      '>',
      '|',
      '\n',
      '- ',
      '1. ',
      ' ',
      '  ',
      '#',
      'a',
      'https://a.example',
      'javascript:x',
      '\\',
      '!',
      '[1]',
      '|---|',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 80 }), fc.boolean(), (pieces, isStreaming) => {
        const tree = parseMarkdown(pieces.join(''), { isStreaming });
        expect(hrefs(tree).every((href) => /^(?:https?|mailto):/u.test(href))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    '[',
    '*',
    '<',
    '`',
    '_a ',
    '*a ',
    '> ',
    '- ',
    '|',
    '[a](',
    '![',
    '`a',
    '  - ',
    'https://',
    '**a',
    '(',
    '#',
    '~~~\n',
  ])('reads 200,000 characters of %j in one go', (unit) => {
    const long = unit.repeat(Math.ceil(200_000 / unit.length));
    expect(parseMarkdown(long).length).toBeGreaterThan(0);
    expect(parseMarkdown(long, { isStreaming: true })).toBeDefined();
  });
});

describe('parsePlain', () => {
  it('links bare addresses and leaves everything else as typed', () => {
    expect(parsePlain('**See** https://shop.example/x. Bye [1]')).toEqual([
      text('**See** '),
      { type: 'link', href: 'https://shop.example/x', children: [text('https://shop.example/x')] },
      text('. Bye [1]'),
    ]);
    expect(hrefs(parsePlain('javascript:alert(1) https://'))).toEqual([]);
  });
});
