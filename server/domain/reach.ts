/** What may be a telephone number: digits in groups, eight characters or more. */
export const phonePattern = /(?:\+|00|\()?\d[\d\s()./-]{6,}\d/gu;
export const mailPattern = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}.-]+\.\p{L}{2,}/giu;

/** Dates and spans of years are digits in groups, too. */
const dated =
  /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\s?\d{1,2}[-/.]\s?\d{2,4}|\d{4}\s?[-/]\s?\d{4})$/u;
/** E.164 has fifteen digits at most; shorter ones than seven are extensions, or amounts. */
const fewestDigits = 7;
const mostDigits = 15;

/** Whether a text holds a number to call: no date, and no part of a longer word, such as an order's number. */
export function holdsPhone(text: string): boolean {
  return [...text.matchAll(phonePattern)].some(({ 0: found, index }) => {
    const digits = found.replaceAll(/\D/gu, '').length;
    const isPartOfWord = /[\p{L}\d]$/u.test(text.slice(0, index));
    return !isPartOfWord && !dated.test(found) && digits >= fewestDigits && digits <= mostDigits;
  });
}

/** Whether a text holds an address to write to. */
export function holdsMail(text: string): boolean {
  return text.search(mailPattern) >= 0;
}
