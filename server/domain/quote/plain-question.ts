import { normalizeText } from '../analysis/tokenize.ts';

/** "What's" asks what "what is" asks. */
const shortIs = /(?<=\b(?:what|who|where|when|how|why|which))'s\b/gu;

/** A question as patterns read it: normalised, without short forms. */
export function plainQuestion(question: string): string {
  return normalizeText(question).trim().replaceAll(shortIs, ' is');
}
