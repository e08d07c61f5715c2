/** A query string of what is not null, without the question mark. */
export const toQuery = (given: Readonly<Record<string, string | number | null>>): string =>
  Object.entries(given)
    .flatMap(([key, value]) => (value === null ? [] : [`${key}=${encodeURIComponent(value)}`]))
    .join('&');
