import { expect, it } from 'vitest';
import { isUnseenStyle } from './html-style.ts';

it.each([
  'display: none',
  'margin:0; visibility : hidden',
  'opacity: 0',
  'OPACITY:0.0;',
  'font-size: 0',
  'font-size:1px',
  'color: #FFF; background-color: #ffffff',
  'color:white;background:#fff !important',
])('sees nothing in %s', (style) => expect(isUnseenStyle(style)).toBe(true));

it.each([
  '',
  'opacity: 0.5',
  'opacity:.05',
  'font-size: 0.9em',
  'font-size:12px',
  'font-size:1rem',
  'color: #fff; background: #000',
  'color: white',
  'background: #fff',
  'color: inherit; background: inherit',
])('sees something in %s', (style) => expect(isUnseenStyle(style)).toBe(false));
