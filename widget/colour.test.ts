import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contrast, isHexColour, legibleOn, luminance, textOn } from './colour.ts';

const hexColour = fc
  .integer({ min: 0, max: 0xffffff })
  .map((value) => `#${value.toString(16).padStart(6, '0')}`);

describe('colour', () => {
  it('agrees with the reference values of WCAG', () => {
    expect(luminance('#ffffff')).toBeCloseTo(1, 5);
    expect(luminance('#000000')).toBe(0);
    expect(contrast('#ffffff', '#000000')).toBeCloseTo(21, 5);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });

  it('finds a readable text colour for every accent', () => {
    fc.assert(
      fc.property(hexColour, (accent) => {
        expect(contrast(accent, textOn(accent))).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });

  it('moves any accent until it is readable on light and dark', () => {
    fc.assert(
      fc.property(hexColour, fc.constantFrom('#ffffff', '#fbfaf8', '#161a19'), (accent, background) => {
        expect(contrast(legibleOn(accent, background, 4.5), background)).toBeGreaterThanOrEqual(4.5);
      }),
    );
    expect(legibleOn('#1f6f5c', '#ffffff', 4.5)).toBe('#1f6f5c');
  });

  it('accepts six digits only', () => {
    expect(['#1f6f5c', '#FFFFFF'].every(isHexColour)).toBe(true);
    expect(['red', '#fff', '#1f6f5c;', 'url(x)', ''].some(isHexColour)).toBe(false);
  });
});
