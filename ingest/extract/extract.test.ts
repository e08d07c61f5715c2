import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText } from './charset.ts';
import { extractHtml } from './html.ts';
import { detectLanguage } from './language.ts';
import { extractMarkdown } from './markdown.ts';
import { extractText } from './text.ts';

const prose =
  'You may send back anything within thirty days, and we pay for the way. Keep the receipt, please.';
const textOf = (html: string) =>
  extractHtml(html, 'https://shop.example/help/a')
    .blocks.map((entry) => entry.text)
    .join('\n');
const page = (main: string, around = '') =>
  `<html><head><title>Returns - Shop</title></head><body>${around}${main}</body></html>`;

describe('extractHtml: main content', () => {
  it.each([
    ['<nav>Home Cart Account</nav>', 'Cart'],
    ['<header class="site-header"><a href="/">Shop</a> <a href="/c">Cart</a></header>', 'Cart'],
    ['<footer>Imprint 2026</footer>', 'Imprint'],
    ['<div class="cookie-banner">We use cookies <button>Accept</button></div>', 'cookies'],
    ['<div id="sidebar"><ul><li>Elsewhere</li></ul></div>', 'Elsewhere'],
    ['<div role="dialog">Subscribe now</div>', 'Subscribe'],
    ['<div class="breadcrumbs"><a href="/">Home</a> / Help</div>', 'Home'],
    ['<div hidden>Secret words</div>', 'Secret'],
    ['<div style="display:none">Secret words</div>', 'Secret'],
    ['<div aria-hidden="true">Secret words</div>', 'Secret'],
    ['<script>var secret = 1</script>', 'secret'],
    ['<noscript>Switch on scripts</noscript>', 'Switch'],
    ['<template><p>Secret words</p></template>', 'Secret'],
    ['<form><select><option>Choose me</option></select><button>Send</button></form>', 'Choose'],
    ['<p><a href="#top">Back to top</a></p>', 'Back'],
  ])('leaves out %s', (around, word) => {
    const main = `<main><h1>Returns</h1><p>${prose}</p><p>${prose}</p></main>`;
    expect(textOf(page(main, around))).toContain('thirty days');
    expect(textOf(page(main, around))).not.toContain(word);
    expect(
      textOf(page(`<main><h1>Returns</h1><p>${prose}</p>${around}<p>${prose}</p></main>`)),
    ).not.toContain(word);
  });

  it('finds the text of a page that declares nothing', () => {
    const links = '<div class="x"><a href="/1">One thing</a> <a href="/2">Another thing</a></div>';
    const html = page(`${links}<div class="y"><div><p>${prose}</p><p>${prose}</p></div></div>${links}`);
    expect(textOf(html)).toContain('thirty days');
    expect(textOf(html)).not.toContain('Another thing');
  });

  it('keeps notes in an aside, and the sections of an accordion with their names', () => {
    const html =
      page(`<main><h1>Returns</h1><p>${prose}</p><aside class="admonition tip">Mind the label.</aside>
      <h3><button aria-expanded="false">Can I swap shoes?</button></h3><div><p>Yes you can, once.</p></div></main>`);
    expect(textOf(html)).toContain('Mind the label.');
    expect(textOf(html)).toContain('Can I swap shoes?');
  });

  it('gives what there is of a page of little text', () => {
    expect(textOf('<p>Hello')).toBe('Hello');
    expect(textOf('')).toBe('');
  });
});

describe('extractHtml: structure', () => {
  it('writes headings, lists, definitions, tables, code and images', () => {
    const html = page(`<main><h1 id="top">Returns</h1><p>${prose}</p><h2><a name="how"></a>How</h2>
      <ol><li>Pack<ul><li>with paper</li></ul></li><li>Send</li></ol><dl><dt>RMA</dt><dd>A number.</dd></dl>
      <table><tr><th>Size</th><th>Fee|net</th></tr><tr><td>L</td><td>4 <b>EUR</b></td></tr></table>
      <pre>line 1
  line 2</pre><p>See <img src="a.png" alt="the label"> here.</p><section id="late"><h2>Too late</h2><p>Sorry.</p></section></main>`);
    const { blocks, title } = extractHtml(html, null);
    expect(title).toBe('Returns - Shop');
    expect(blocks.map(({ type, text }) => [type, text])).toEqual([
      ['heading', 'Returns'],
      ['paragraph', prose],
      ['heading', 'How'],
      ['list', '1. Pack\n  - with paper\n2. Send'],
      ['list', 'RMA: A number.'],
      ['table', '| Size | Fee\\|net |\n| --- | --- |\n| L | 4 EUR |'],
      ['code', 'line 1\n  line 2'],
      ['paragraph', 'See the label here.'],
      ['heading', 'Too late'],
      ['paragraph', 'Sorry.'],
    ]);
    expect(blocks.filter((entry) => entry.type === 'heading').map((entry) => entry.anchor)).toEqual([
      'top',
      'how',
      'late',
    ]);
  });

  it("takes lines of code that are broken by hand for code, and leaves out lists of the page's own headings", () => {
    const html =
      page(`<main><h1>Setup</h1><ul><li><a href="#one">First</a></li><li><a href="#two">Second</a></li></ul><p>${prose}</p>
      <div class="example"><p><code>Order deny,allow<br />
      Deny from all</code></p></div><ul><li><a href="#one">First</a> is easy</li></ul></main>`);
    expect(extractHtml(html, null).blocks.map(({ type, text }) => [type, text])).toEqual([
      ['heading', 'Setup'],
      ['paragraph', prose],
      ['code', 'Order deny,allow\nDeny from all'],
      ['list', '- First is easy'],
    ]);
  });

  it('keeps the columns of a table with merged cells', () => {
    const table = `<table><tr><th>Zone</th><th colspan="2">Fee</th></tr><tr><td rowspan="2">EU</td><td>S</td><td>3</td></tr><tr><td>L</td><td>9</td></tr></table>`;
    expect(textOf(page(`<main><p>${prose}</p>${table}</main>`))).toContain(
      '| Zone | Fee | Fee |\n| --- | --- | --- |\n| EU | S | 3 |\n| EU | L | 9 |',
    );
  });

  it('reads links, canonical, robots marks and language', () => {
    const html = `<html lang="de-AT"><head><base href="https://shop.example/x/"><link rel="canonical" href="/c">
      <meta name="robots" content="NOINDEX, nofollow"></head><body><a href="a#1">A</a><a href="a">A</a><a rel="nofollow" href="b">B</a>
      <a href="mailto:x@shop.example">M</a><a href="javascript:void(0)">J</a><a href="//other.example/">O</a></body></html>`;
    expect(extractHtml(html, 'https://shop.example/')).toMatchObject({
      declaredLanguage: 'de-AT',
      canonical: 'https://shop.example/c',
      isNoindex: true,
      isNofollow: true,
      links: ['https://shop.example/x/a', 'https://other.example/'],
    });
  });

  it('does not multiply a long base address by its links', () => {
    const links = Array.from({ length: 50 }, (_, at) => `<a href="${String(at)}">x</a>`).join('');
    const html = `<base href="https://shop.example/${'a'.repeat(1_000_000)}/">${links}`;
    expect(extractHtml(html, 'https://shop.example/help/').links.join('').length).toBeLessThan(10_000);
  });

  it('survives hostile nesting, and any bytes at all', () => {
    const deep = `${'<div>'.repeat(5_000)}deep down${'</div>'.repeat(5_000)}`;
    expect(textOf(deep)).toContain('deep down');
    expect(textOf(`${'<ul><li>'.repeat(5_000)}x`)).toContain('x');
    const tag = fc.constantFrom(
      '<div>',
      '</div>',
      '<p>',
      '<table><tr><td>',
      '</table>',
      '<ul><li>',
      '<h2>',
      '<a href="x">',
      '<pre>',
      '&amp',
      '<!--',
      '<',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(tag, fc.string())), (parts) => {
        extractHtml(parts.join(''), null);
      }),
      { numRuns: 300 },
    );
  });
});

describe('extractMarkdown', () => {
  it('reads front matter, headings with ids, tables, code and embedded HTML', () => {
    const found = extractMarkdown(
      `---\ntitle: "Returns: how"\nlang: en\n---\n# Returns\n\nSend it *back*. See [rules](/rules).\n\n## In a store {#store}\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n\`\`\`js\nconst x = 1;\n# no heading\n\`\`\`\n\n<div class="card"><h3>Late?</h3><p>Write to us.</p></div>\n`,
      'https://shop.example/returns/',
    );
    expect(found.title).toBe('Returns: how');
    expect(found.links).toEqual(['https://shop.example/rules']);
    expect(found.blocks.map(({ type, text, anchor }) => [type, text, anchor])).toEqual([
      ['heading', 'Returns', 'returns'],
      ['paragraph', 'Send it back. See rules.', null],
      ['heading', 'In a store', 'store'],
      ['table', '| a | b |\n| --- | --- |\n| 1 | 2 |', null],
      ['code', 'const x = 1;\n# no heading', null],
      ['heading', 'Late?', null],
      ['paragraph', 'Write to us.', null],
    ]);
  });

  it('takes off what MDX adds and keeps the names of components', () => {
    const found = extractMarkdown(
      `import Tabs from '@theme/Tabs';\nexport const x = 1;\n\n{/* a comment */}\n\n:::tip[Good to know]\nBring a bag.\n:::\n\n<Accordion title="What is it?" open={true}>\n  A shop.\n</Accordion>\n\n<Image src={img} />\n\n\`\`\`\nimport kept from 'code';\n\`\`\``,
      null,
    );
    const text = found.blocks.map((entry) => entry.text).join('\n');
    expect(text).toBe("Good to know\nBring a bag.\nWhat is it?\nA shop.\nimport kept from 'code';");
  });

  it('reads plain elements whose attributes are expressions', () => {
    const found = extractMarkdown('Look:\n\n<img alt="the gear" src={useUrl(\'a.png\')} />\n\nDone.', null);
    expect(found.blocks.map((entry) => entry.text)).toEqual(['Look:', 'the gear', 'Done.']);
  });

  it('notes front matter that is no YAML, and bounds aliases', () => {
    expect(extractMarkdown('---\na: [1\n---\nText', null).notes).toHaveLength(1);
    const bomb = `---\na: &a [x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: [${'*b,'.repeat(200)}]\n---\nText`;
    expect(extractMarkdown(bomb, null).blocks[0]?.text).toBe('Text');
  });
});

describe('text, charset, language', () => {
  it('keeps paragraphs and takes a short first line for the title', () => {
    const found = extractText('Returns\r\n\r\nSend it\r\nback.\r\n \r\nSoon.');
    expect(found.title).toBe('Returns');
    expect(found.blocks.map((entry) => entry.text)).toEqual(['Returns', 'Send it\nback.', 'Soon.']);
    expect(extractText('A full sentence.\n\nMore.').title).toBeNull();
  });

  it.each([
    ['utf-8 by default', Buffer.from('Größe'), null],
    ['the header', Buffer.from([0x47, 0x72, 0xf6, 0xdf, 0x65]), 'text/html; charset=ISO-8859-1'],
    [
      'meta',
      Buffer.concat([
        Buffer.from('<meta charset="windows-1252">'),
        Buffer.from([0x47, 0x72, 0xf6, 0xdf, 0x65]),
      ]),
      null,
    ],
    ['a wrong header', Buffer.from('Größe'), 'text/html; charset=nonsense'],
    [
      'a header that the bytes contradict',
      Buffer.concat([Buffer.from('<meta charset=latin1>'), Buffer.from([0x47, 0x72, 0xf6, 0xdf, 0x65])]),
      'text/html; charset=utf-8',
    ],
    ['windows-1252 where nothing else fits', Buffer.from([0x47, 0x72, 0xf6, 0xdf, 0x65]), null],
    [
      'UTF-16 with its mark',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('Größe', 'utf16le')]),
      null,
    ],
    ['UTF-16 without its mark', Buffer.from('Größe und Gewicht', 'utf16le'), null],
  ])('decodes by %s', (_name, bytes, contentType) => {
    expect(decodeText(bytes, contentType)).toContain('Größe');
  });

  it('decodes Korean from a legacy charset', () => {
    const bytes = Buffer.concat([
      Buffer.from('<meta charset="euc-kr">'),
      Buffer.from([0xc7, 0xd1, 0xb1, 0xdb]),
    ]);
    expect(decodeText(bytes, null)).toContain('한글');
  });

  it('never gives characters that cannot be stored', () => {
    expect(decodeText(Buffer.from('a\0b'), null)).toBe('ab');
  });

  it('tells the language by content, with the declared one for short text', () => {
    const german =
      'Sie können die Ware innerhalb von dreißig Tagen zurückgeben, und wir übernehmen die Kosten dafür.';
    expect(detectLanguage(prose, null)).toBe('en');
    expect(detectLanguage(german, 'en-US')).toBe('de');
    expect(detectLanguage(german, 'de-AT')).toBe('de');
    const commands = '```\nsudo xqctl --webserver\nsudo xqctl --upgrade kzwk\n```\n'.repeat(20);
    expect(detectLanguage(`${commands}${prose}${commands}`, null)).toBe('en');
    const norwegian = 'Du kan returnere varen innen tretti dager, og vi betaler frakten for deg.';
    expect(detectLanguage(norwegian, 'nb-NO')).toBe('no');
    expect(detectLanguage('OK', 'fr')).toBe('fr');
    expect(detectLanguage('OK', null)).toBeNull();
  });
});
