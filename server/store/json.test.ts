import { expect, it } from 'vitest';
import { toJson } from './json.ts';

it('writes no half of a surrogate pair, however deep', () => {
  const cut = 'a 😀'.slice(0, 3);
  expect(JSON.parse(toJson([{ title: cut, path: [cut], whole: '😀', none: null }]))).toEqual([
    { title: 'a \uFFFD', path: ['a \uFFFD'], whole: '😀', none: null },
  ]);
});
