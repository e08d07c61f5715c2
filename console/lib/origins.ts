export type Origins = { ok: true; origins: string[] } | { ok: false; problem: string };

/**
 * Reads a list of origins, one per line, as `https://shop.example`. An address with a path is cut to its origin;
 * what is no http or https address is named.
 */
export const readOrigins = (text: string): Origins => {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const bad = lines.find((line) => !/^https?:\/\//i.test(line) || !URL.canParse(line));
  if (bad !== undefined) {
    return { ok: false, problem: `“${bad}” is no web address. Write it like https://shop.example.` };
  }
  return { ok: true, origins: [...new Set(lines.map((line) => new URL(line).origin))] };
};
