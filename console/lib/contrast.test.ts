import { describe, expect, it } from 'vitest';
import { contrast, noteOn } from './contrast.ts';

describe('contrast', () => {
  it('gives the ratios of WCAG', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
    expect(contrast('#1f6f5c', '#1f6f5c')).toBe(1);
    expect(contrast('red', '#ffffff')).toBeNull();
  });

  it('chooses the lettering that reads', () => {
    expect(noteOn('#1f6f5c')).toMatchObject({ text: '#ffffff', isEnough: true });
    expect(noteOn('#ffd400')).toMatchObject({ text: '#15161a', isEnough: true });
    expect(noteOn('#12')).toBeNull();
  });
});
