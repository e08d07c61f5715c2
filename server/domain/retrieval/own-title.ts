/** What stands between a page's own name and its site's in a title. */
const separator = String.raw`\s*(?:[|·•»«:]|::|\s[-–—])\s+`;
const anySeparator = new RegExp(separator, 'u');

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/**
 * A page's title without the site's name, where the page's top heading tells which part is which: `Returns` for
 * `Returns | Some shop` above the heading `Returns`. The whole title otherwise. A name that stands in every
 * title of a site says nothing about any page, but makes each look like an answer to a question about the site.
 */
export function ownTitle(title: string, headingPath: readonly string[]): string {
  const heading = headingPath[0]?.trim() ?? '';
  if (heading === '' || !anySeparator.test(title)) return title;
  const name = escapePattern(heading);
  const isNamed = new RegExp(`^${name}${separator}|${separator}${name}$`, 'iu').test(title.trim());
  return isNamed ? heading : title;
}
