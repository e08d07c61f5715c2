import { expect, it } from 'vitest';
import { ownTitle } from './own-title.ts';

it.each([
  ['Returns | Some shop', 'Returns', 'Returns'],
  ['Access Control - Apache HTTP Server', 'Access Control', 'Access Control'],
  ['Some shop: Returns', 'Returns', 'Returns'],
  ['Some shop – Returns', 'returns', 'returns'],
  ['Returns', 'Returns', 'Returns'],
  ['Returns and refunds', 'Returns', 'Returns and refunds'],
  ['Re-use', 'Re', 'Re-use'],
  ['C++ (draft) | Notes', 'C++ (draft)', 'C++ (draft)'],
])('%s above the heading %s is %s', (title, heading, own) => {
  expect(ownTitle(title, [heading])).toBe(own);
});

it('keeps the title of a page without headings', () => {
  expect(ownTitle('Returns | Some shop', [])).toBe('Returns | Some shop');
});
