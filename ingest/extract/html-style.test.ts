import { describe, expect, it } from 'vitest';
import { extractHtml } from './html.ts';
import { isHidingStyle, isLostStyle } from './html-style.ts';

describe('a style', () => {
  it.each(['display: none', 'margin:0; visibility : hidden'])('hides by %s', (style) =>
    expect(isHidingStyle(style)).toBe(true),
  );

  it.each(['', 'opacity: 0; transform: translateY(20px)', 'display: block'])('hides nothing by %s', (style) =>
    expect(isHidingStyle(style)).toBe(false),
  );

  it.each([
    'font-size: 0',
    'font-size:1px',
    'color: #FFF; background-color: #ffffff',
    'color:white;background:#fff !important',
  ])('loses letters by %s', (style) => expect(isLostStyle(style)).toBe(true));

  it.each([
    '',
    'font-size: 0.9em',
    'font-size:12px',
    'font-size:1rem',
    'color: #fff; background: #000',
    'color: white',
    'background: #fff',
    'color: inherit; background: inherit',
  ])('loses none by %s', (style) => expect(isLostStyle(style)).toBe(false));
});

it('what fades in, and what stands in a container without a size, is content', () => {
  const words = 'of the order, and arrives within three working days wherever it goes, islands included.';
  const fading = `<div style="opacity:0"><p>A parcel leaves on the day ${words}</p></div>`;
  const columns = `<div style="font-size:0"><div class="column"><p>A letter leaves on the eve ${words}</p></div></div>`;
  const { blocks } = extractHtml(`<main><h1>Help</h1>${fading}${columns}</main>`, null);
  const text = blocks.map((block) => block.text).join(' ');
  expect(text).toContain('A parcel leaves');
  expect(text).toContain('A letter leaves');
});
