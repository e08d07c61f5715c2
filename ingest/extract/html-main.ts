import { furnitureParts } from './html-labels.ts';
import { isContentName } from './html-names.ts';
import { findRoot } from './html-root.ts';
import { createSkipper } from './html-skip.ts';
import { linkDensity, type HtmlElement } from './html-tree.ts';

/**
 * Finds a page's main content. Two sources of evidence are weighed: what the page declares (`main`, `article`,
 * ARIA roles, the usual class names) and where its sentences are (paragraph scores passed up to ancestors, after
 * the idea of Readability: https://github.com/mozilla/readability).
 */

export interface MainContent {
  root: HtmlElement;
  shouldSkip: (element: HtmlElement) => boolean;
}

const scoredTags = new Set(['p', 'pre', 'td', 'blockquote', 'li', 'dd']);

/** Sums sentence scores of each element's paragraphs, fading with the distance. */
function scoreElements(
  body: HtmlElement,
  shouldSkip: (element: HtmlElement) => boolean,
): Map<HtmlElement, number> {
  const scores = new Map<HtmlElement, number>();
  const walk = (element: HtmlElement) => {
    for (const child of element.children) {
      if (typeof child === 'string' || shouldSkip(child)) continue;
      const isText = scoredTags.has(child.tag) || (child.tag === 'div' && !child.holdsBlock);
      if (isText && child.textLength >= 25) {
        const own = (1 + Math.min(child.textLength / 100, 5)) * (1 - linkDensity(child));
        let ancestor = child.parent;
        for (let level = 0; level < 4 && ancestor !== null; level += 1) {
          const share = level === 0 ? 1 : level === 1 ? 0.6 : 1 / (level * 2);
          scores.set(ancestor, (scores.get(ancestor) ?? 0) + own * share);
          ancestor = ancestor.parent;
        }
      }
      walk(child);
    }
  };
  walk(body);
  return scores;
}

function bestScored(body: HtmlElement, shouldSkip: (element: HtmlElement) => boolean): HtmlElement | null {
  let best: HtmlElement | null = null;
  let bestScore = 0;
  for (const [element, raw] of scoreElements(body, shouldSkip)) {
    const bonus = isContentName(element) || element.attributes['itemprop'] === 'articleBody' ? 1.25 : 1;
    const score = raw * bonus * (1 - linkDensity(element));
    if (score > bestScore) [best, bestScore] = [element, score];
  }
  return best;
}

/** The element that holds the page's main content, and what to leave out inside of it. */
export function findMain(body: HtmlElement): MainContent {
  const isBoilerplate = createSkipper(body);
  const best = bestScored(body, isBoilerplate);
  const furniture = best === null ? new Set<HtmlElement>() : furnitureParts(body, best);
  const shouldSkip = (element: HtmlElement) => furniture.has(element) || isBoilerplate(element);
  return { root: findRoot(body, best, shouldSkip), shouldSkip };
}
