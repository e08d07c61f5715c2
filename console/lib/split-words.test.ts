import { describe, expect, it } from 'vitest';
import { splitWords } from './split-words.ts';

describe('splitWords', () => {
  it('parts at commas and keeps phrases whole, each once', () => {
    expect(splitWords(' money back,  reimbursement ,,money back ')).toEqual(['money back', 'reimbursement']);
    expect(splitWords(' , ')).toEqual([]);
  });
});
