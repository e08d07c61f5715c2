import { furnitureParts } from './html-labels.ts';
import type { HtmlElement } from './html-tree.ts';

/**
 * Finds a page's main content. Two sources of evidence are weighed: what the page declares (`main`, `article`,
 * ARIA roles, the usual class names) and where its sentences are (paragraph scores passed up to ancestors, after
 * the idea of Readability: https://github.com/mozilla/readability).
 */

const boilerplateTags = new Set(['nav', 'footer', 'aside', 'menu', 'dialog']);
const boilerplateRoles = new Set(
  'navigation banner contentinfo search complementary dialog alertdialog menu menubar toolbar tooltip status'.split(
    ' ',
  ),
);

/** Names of parts that are not what a page is about; matched against whole words of `class` and `id`. */
const boilerplateNames =
  /(?:^|[\s_-])(?:nav(?:bar|igation|box|items?|links?)?|(?:top|main|side|foot|sub|user|mega)?-?menus?|breadcrumbs?|crumbs|side-?bar|rail|foot(?:er|nav)?|cookies?|consent|gdpr|ccpa|banner|pop-?up|modal|overlay|lightbox|newsletter|subscri(?:be|ption)|sign-?up|log-?in|social|share(?:bar|-?links|-?buttons?|daddy)?|sharing|addtoany|related|recirc\w*|recommend\w*|more-(?:stories|from|on)|most-(?:read|popular)|trending|read-?next|up-?next|promo\w*|advert\w*|ads?|adsense|dfp|sponsor\w*|taboola|outbrain|comments?|disqus|respond|pagination|pager|page-?numbers?|skip(?:-?links?|-?to\w*)|toc|table-of-contents|top-?lang|lang(?:uage)?-?(?:switch\w*|select\w*)|toolbar|masthead|sr-only|visually-?hidden|screen-reader(?:-text)?|no-?print|print-?only|feedback|rating|helpful|edit-?(?:page|link|this)|by-?line|author-?(?:bio|box|info)?|post-?meta|entry-?meta|meta-?data|tags?|tag-?list|categories|topics|keywords|timestamp|date-?line|hidden|widget|affiliate|donat(?:e|ion)|paywall|caption-?credit|photo-?credit|navheader|navfooter)(?:$|[\s_-])/i;

/** Asides that belong to the text: notes, tips, warnings. */
const calloutNames = /admonition|callout|alert|note|tip|warning|info|hint|important|caution/i;

const contentNames =
  /(?:^|[\s_-])(?:article-?_?_?(?:body|content|text)|entry-?content|post-?(?:content|body)|story-?(?:body|content)|page-?content|main-?content|content-?body|markdown(?:-body)?|rst-content|mw-parser-output|body-?(?:content|text|copy)|rich-?text|prose)(?:$|[\s_-])/i;

const hiddenStyle = /display\s*:\s*none|visibility\s*:\s*hidden/i;

function namesOf(element: HtmlElement): string {
  return `${element.attributes['class'] ?? ''} ${element.attributes['id'] ?? ''}`;
}

function isHidden(element: HtmlElement): boolean {
  const { attributes } = element;
  if ('hidden' in attributes && attributes['hidden'] !== 'until-found') return true;
  return attributes['aria-hidden'] === 'true' || hiddenStyle.test(attributes['style'] ?? '');
}

function isDeclaredMain(element: HtmlElement): boolean {
  return element.tag === 'main' || element.attributes['role'] === 'main';
}

function linkDensity(element: HtmlElement): number {
  return element.textLength === 0 ? 0 : element.linkLength / element.textLength;
}

/** A button that opens a section bears the section's name; every other button is a control. */
function isControl(element: HtmlElement): boolean {
  if (element.tag !== 'button' && element.attributes['role'] !== 'button') return false;
  const opens = 'aria-expanded' in element.attributes || 'aria-controls' in element.attributes;
  return !opens || element.textLength < 12;
}

export interface MainContent {
  root: HtmlElement;
  shouldSkip: (element: HtmlElement) => boolean;
}

/** Chooses what is skipped: never anything that holds most of the page's text. */
function createSkipper(body: HtmlElement): (element: HtmlElement) => boolean {
  const most = body.textLength * 0.5;
  const verdicts = new Map<HtmlElement, boolean>();
  const judge = (element: HtmlElement): boolean => {
    if (isControl(element) || isHidden(element)) return true;
    if (isDeclaredMain(element) || element.tag === 'body' || element.tag === 'article') return false;
    if (/^(?:h[1-6]|p|a|span|b|i|em|strong|code|pre|td|tr|tbody|dt|dd)$/.test(element.tag)) {
      return element.tag !== 'a' && element.tag !== 'p' ? false : isNamedBoilerplate(element, 0);
    }
    if (element.tag === 'header') return !hasTag(element, 'h1') && linkDensity(element) > 0.3;
    if (element.tag === 'aside' && calloutNames.test(namesOf(element))) return false;
    if (boilerplateTags.has(element.tag)) return element.textLength < most;
    if (boilerplateRoles.has(element.attributes['role'] ?? '')) return element.textLength < most;
    return isNamedBoilerplate(element, most);
  };
  return (element) => {
    const known = verdicts.get(element);
    if (known !== undefined) return known;
    const verdict = judge(element);
    verdicts.set(element, verdict);
    return verdict;
  };
}

function isNamedBoilerplate(element: HtmlElement, most: number): boolean {
  const names = namesOf(element);
  if (!boilerplateNames.test(names) || contentNames.test(names)) return false;
  if (most === 0) return linkDensity(element) > 0.5;
  return element.textLength < most && !calloutNames.test(names);
}

function hasTag(element: HtmlElement, tag: string): boolean {
  return element.children.some(
    (child) => typeof child !== 'string' && (child.tag === tag || hasTag(child, tag)),
  );
}

function find(element: HtmlElement, accept: (element: HtmlElement) => boolean): HtmlElement[] {
  const found: HtmlElement[] = [];
  const walk = (at: HtmlElement) => {
    for (const child of at.children) {
      if (typeof child === 'string') continue;
      if (accept(child)) found.push(child);
      walk(child);
    }
  };
  walk(element);
  return found;
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
    const bonus =
      contentNames.test(namesOf(element)) || element.attributes['itemprop'] === 'articleBody' ? 1.25 : 1;
    const score = raw * bonus * (1 - linkDensity(element));
    if (score > bestScore) [best, bestScore] = [element, score];
  }
  return best;
}

/** Climbs from the best element while a parent adds much text and few links: split articles come together. */
function widen(
  start: HtmlElement,
  limit: HtmlElement,
  textOf: (element: HtmlElement) => number,
): HtmlElement {
  let chosen = start;
  for (let up = start.parent; up !== null && chosen !== limit; up = up.parent) {
    if (textOf(up) > textOf(chosen) * 1.15) chosen = up;
    if (up === limit) break;
  }
  return chosen;
}

/** Text outside of links and skipped parts, in letters. */
function createPlainLength(shouldSkip: (element: HtmlElement) => boolean): (element: HtmlElement) => number {
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

/** The element that holds the page's main content, and what to leave out inside of it. */
export function findMain(body: HtmlElement): MainContent {
  const isBoilerplate = createSkipper(body);
  const best = bestScored(body, isBoilerplate);
  const furniture = best === null ? new Set<HtmlElement>() : furnitureParts(body, best);
  const shouldSkip = (element: HtmlElement) => furniture.has(element) || isBoilerplate(element);
  return { root: mainRoot(body, best, createPlainLength(shouldSkip)), shouldSkip };
}

function mainRoot(
  body: HtmlElement,
  best: HtmlElement | null,
  plainLength: (element: HtmlElement) => number,
): HtmlElement {
  const mains = find(body, isDeclaredMain);
  const articles = find(body, (element) => element.tag === 'article');
  const declared = mains.length === 1 ? mains[0] : articles.length === 1 ? articles[0] : undefined;
  const enough = plainLength(body) * 0.4;
  if (declared !== undefined && plainLength(declared) >= enough) {
    return best === null || !isInside(best, declared) ? declared : widen(best, declared, plainLength);
  }
  return best === null ? body : widen(best, body, plainLength);
}

function isInside(element: HtmlElement, ancestor: HtmlElement): boolean {
  for (let up: HtmlElement | null = element; up !== null; up = up.parent) if (up === ancestor) return true;
  return false;
}
