import { isDeclaredMain } from './html-skip.ts';
import { findAll } from './html-text.ts';
import { holds, linkDensity, type HtmlElement } from './html-tree.ts';

type Skip = (element: HtmlElement) => boolean;

/** Fewer letters than this under a heading are a teaser, no section. */
const minSection = 25;
/** A parent that adds this share of text belongs to the content. */
const minGain = 0.15;
/** A declared main part holds at least this share of the page's text, or it is not believed. */
const minDeclaredShare = 0.4;

/** Text outside of links and skipped parts, in letters. */
function createPlainLength(shouldSkip: Skip): (element: HtmlElement) => number {
  const known = new Map<HtmlElement, number>();
  const measure = (element: HtmlElement): number => {
    const before = known.get(element);
    if (before !== undefined) return before;
    let own = element.textLength - element.linkLength;
    for (const child of element.children) {
      if (typeof child === 'string') continue;
      const plain = child.textLength - child.linkLength;
      own -= plain - (shouldSkip(child) ? 0 : measure(child));
    }
    known.set(element, own);
    return own;
  };
  return measure;
}

/** The one part that the page itself calls its content. */
function declaredMain(body: HtmlElement): HtmlElement | undefined {
  const mains = findAll(body, isDeclaredMain);
  if (mains.length === 1) return mains[0];
  const articles = findAll(body, (element) => element.tag === 'article');
  return articles.length === 1 ? articles[0] : undefined;
}

/**
 * Climbs from the element whose sentences score best as long as a parent adds much text; within a declared main part
 * also for any section with a heading of its own, since short sections are content as much as long ones.
 */
export function findRoot(body: HtmlElement, best: HtmlElement | null, shouldSkip: Skip): HtmlElement {
  const plainLength = createPlainLength(shouldSkip);

  /** Whether `parent` holds, outside of `chosen`, a heading with text of its own that is not links. */
  function addsSection(parent: HtmlElement, chosen: HtmlElement): boolean {
    return parent.children.some((child) => {
      if (typeof child === 'string' || child === chosen || shouldSkip(child)) return false;
      if (!/^h[2-4]$/.test(child.tag)) return addsSection(child, chosen);
      const besides = holds(parent, chosen) ? plainLength(chosen) : 0;
      const own = plainLength(parent) - plainLength(child) - besides;
      return own >= minSection && linkDensity(parent) < 0.3 && linkDensity(child) < 0.5;
    });
  }

  const declared = declaredMain(body);
  const isBelieved = declared !== undefined && plainLength(declared) >= plainLength(body) * minDeclaredShare;
  const limit = isBelieved ? declared : body;
  if (best === null || !holds(limit, best)) return limit;
  let chosen = best;
  for (let up = best.parent; up !== null && chosen !== limit; up = up.parent) {
    const isMore = plainLength(up) > plainLength(chosen) * (1 + minGain);
    if (isMore || (isBelieved && addsSection(up, chosen))) chosen = up;
    if (up === limit) break;
  }
  return chosen;
}
