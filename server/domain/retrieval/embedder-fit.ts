/** What an embedder is worth on a site, learnt from the site's own passages; no question is needed for it. */
export interface EmbedderFit {
  /** Factor of its weight in the order of passages, 0..1: 0 where it does no better than chance. */
  trust: number;
  /** How often a piece of a passage lies nearer to it than to every passage of other documents, 0..1. */
  hitRate: number;
  /** Typical cosine of a passage and a piece of it. */
  own: number;
  /** Typical highest cosine of such a piece and the passages of other documents. */
  other: number;
}

/** Before anything is known: the vectors count for the order, and for nothing in the confidence. */
export const unknownFit: EmbedderFit = { trust: 1, hitRate: 0, own: 1, other: 0 };

export interface SampledPassage {
  documentId: number;
  vector: Float32Array;
}

/** A piece of a sampled passage, embedded as a question is. */
export interface Probe {
  /** Index of its passage in the sample. */
  of: number;
  vector: Float32Array;
}

/** With fewer probes chance would decide. */
export const minProbes = 16;
/** The share of pairs in the right order at which an embedder is trusted fully lies this far above chance. */
const fullTrustLead = 0.25;
/** Two standard deviations of that share for vectors that mean nothing, times the root of the count of probes. */
const chanceSpread = 0.58;

const probeLength = 120;

/** A piece from the middle of a passage, whole words where the script parts them; null where there is too little. */
export function probeOf(text: string): string | null {
  if (text.length < probeLength / 2) return null;
  const length = Math.min(probeLength, Math.floor(text.length / 2));
  const start = Math.floor((text.length - length) / 2);
  const piece = text
    .slice(start, start + length)
    .toWellFormed()
    .trim();
  const whole = piece.replace(/^\S+\s/u, '').replace(/\s\S+$/u, '');
  return whole.length >= piece.length / 2 ? whole : piece;
}

function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Learns what an embedder is worth from pieces of passages; vectors have length 1. */
export function readEmbedderFit(sample: readonly SampledPassage[], probes: readonly Probe[]): EmbedderFit {
  const read = probes.flatMap((probe) => {
    const passage = sample[probe.of];
    const others = sample.filter(({ documentId }) => documentId !== passage?.documentId);
    if (passage === undefined || others.length === 0) return [];
    const own = cosine(probe.vector, passage.vector);
    const cosines = others.map(({ vector }) => cosine(probe.vector, vector));
    const below = cosines.filter((value) => value < own).length;
    const ties = cosines.filter((value) => value === own).length;
    return [{ own, highest: Math.max(...cosines), order: (below + ties / 2) / cosines.length }];
  });
  if (read.length < minProbes) return unknownFit;
  const order = read.reduce((sum, probe) => sum + probe.order, 0) / read.length;
  const lead = order - 0.5 - chanceSpread / Math.sqrt(read.length);
  return {
    trust: Math.min(1, Math.max(0, lead / fullTrustLead)),
    hitRate: read.filter(({ own, highest }) => own > highest).length / read.length,
    own: median(read.map(({ own }) => own)),
    other: median(read.map(({ highest }) => highest)),
  };
}

/**
 * Where the nearest passage's cosine lies between what passages of other documents reach (0) and what a passage's
 * own words do (1), drawn towards .5 (which says nothing) as far as the embedder does not tell passages apart.
 */
export function nearness(highest: number | null, { trust, hitRate, own, other }: EmbedderFit): number {
  if (highest === null || own <= other) return 0.5;
  const place = Math.min(1, Math.max(0, (highest - other) / (own - other)));
  return 0.5 + trust * hitRate * (place - 0.5);
}
