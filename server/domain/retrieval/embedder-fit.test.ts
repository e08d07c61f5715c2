import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  minProbes,
  nearness,
  probeOf,
  readEmbedderFit,
  unknownFit,
  type EmbedderFit,
} from './embedder-fit.ts';

const size = 16;
const count = 40;

/** Unit vectors that follow from a number alone. */
function direction(seed: number): Float32Array {
  let state = (seed * 2_654_435_761 + 1) % 2_147_483_647;
  const values = Array.from({ length: size }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647 - 0.5;
  });
  return unit(values);
}

function unit(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values);
  return Float32Array.from(values, (value) => value / length);
}

/** A sample of passages, and pieces that lie near to theirs or have nothing to do with them. */
function fitOf(piece: (index: number, passage: Float32Array) => Float32Array, probes = count): EmbedderFit {
  const sample = Array.from({ length: count }, (_, index) => ({
    documentId: index,
    vector: direction(index + 1),
  }));
  return readEmbedderFit(
    sample,
    sample.slice(0, probes).map(({ vector }, of) => ({ of, vector: piece(of, vector) })),
  );
}

const near = (_: number, passage: Float32Array) =>
  unit(Array.from(passage, (value, at) => value + (at === 0 ? 0.3 : 0)));

describe('what an embedder is worth on a site', () => {
  it('is full trust where pieces lie near to their passages', () => {
    const fit = fitOf(near);
    expect(fit.trust).toBe(1);
    expect(fit.hitRate).toBeGreaterThan(0.9);
    expect(fit.own).toBeGreaterThan(fit.other);
  });

  it('is nothing where vectors have nothing to do with the text, or are all the same', () => {
    // chance alone reaches this much in one of a hundred sites
    expect(fitOf((index) => direction(index + 1000)).trust).toBeLessThan(0.2);
    expect(fitOf(() => direction(7)).trust).toBeLessThan(0.1);
    const same = Array.from({ length: count }, (_, documentId) => ({ documentId, vector: direction(1) }));
    const constant = readEmbedderFit(
      same,
      same.map(({ vector }, of) => ({ of, vector })),
    );
    expect(constant).toMatchObject({ trust: 0, hitRate: 0 });
  });

  it('is unknown with too few passages, or of one document only', () => {
    expect(fitOf(near, minProbes - 1)).toBe(unknownFit);
    const one = Array.from({ length: count }, (_, index) => ({ documentId: 1, vector: direction(index) }));
    expect(
      readEmbedderFit(
        one,
        one.map(({ vector }, of) => ({ of, vector })),
      ),
    ).toBe(unknownFit);
  });
});

describe('nearness', () => {
  const fit: EmbedderFit = { trust: 1, hitRate: 1, own: 0.8, other: 0.4 };

  it('goes from what other pages reach to what a page’s own words do', () => {
    expect(nearness(0.4, fit)).toBe(0);
    expect(nearness(0.8, fit)).toBe(1);
    expect(nearness(0.6, fit)).toBeCloseTo(0.5);
  });

  it('says nothing without a cosine, for an embedder not trusted, and where it tells nothing apart', () => {
    expect(nearness(null, fit)).toBe(0.5);
    expect(nearness(0.9, { ...fit, trust: 0 })).toBe(0.5);
    expect(nearness(0.9, { ...fit, other: 0.8 })).toBe(0.5);
    expect(nearness(0.9, unknownFit)).toBe(0.5);
  });
});

describe('a piece of a passage', () => {
  it('is whole words of it, not all of it', () => {
    const text = 'Parcels leave our house on every working day before noon, and travel for two days at most.';
    const piece = probeOf(text) ?? '';
    expect(text).toContain(` ${piece} `);
    expect(piece.length).toBeGreaterThan(20);
    expect(probeOf('Too short.')).toBeNull();
    expect(probeOf('配送は営業日の正午までに発送され最長で二日かかります'.repeat(4))?.length).toBeGreaterThan(
      20,
    );
  });

  it('is part of any text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 60, maxLength: 400, unit: 'grapheme' }), (text) => {
        const piece = probeOf(text);
        if (piece !== null) expect(piece.length).toBeLessThanOrEqual(120);
      }),
    );
  });
});
