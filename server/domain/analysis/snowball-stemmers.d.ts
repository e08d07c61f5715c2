declare module 'snowball-stemmers' {
  export interface SnowballStemmer {
    stem(word: string): string;
  }
  /** @throws Error when the algorithm is unknown. */
  export function newStemmer(algorithm: string): SnowballStemmer;
  export function algorithms(): string[];
}
