import { Parser } from 'htmlparser2';

/** An element of the slim tree: what extraction needs, no more. */
export interface HtmlElement {
  tag: string;
  attributes: Readonly<Record<string, string>>;
  children: HtmlNode[];
  parent: HtmlElement | null;
  /** Letters of text below, white space squeezed away. */
  textLength: number;
  /** The part of `textLength` that stands in links. */
  linkLength: number;
  /** Whether any element below starts a line of its own. */
  holdsBlock: boolean;
}
export type HtmlNode = HtmlElement | string;

/** What a document says outside of its text. */
export interface HtmlDocument {
  root: HtmlElement;
  /** `meta` elements, `name` or `property` (lower case) to content; the first of each wins. */
  meta: Map<string, string>;
  title: string | null;
  language: string | null;
  base: string | null;
  canonical: string | null;
  /** Content of the `meta refresh` that counts where scripts run. */
  refresh: string | null;
  hasPasswordField: boolean;
}

/** Deeper elements are flattened into their ancestor, so that no page can exhaust the stack. */
const maxDepth = 250;

/** Elements whose content is never text for a reader. */
const silentTags = new Set(
  'script style noscript template svg math iframe object embed canvas audio video map head select option datalist input textarea progress meter'.split(
    ' ',
  ),
);

const blockTags = new Set(
  'address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html li main menu nav ol p pre section summary table tbody td tfoot th thead tr ul'.split(
    ' ',
  ),
);

/** Whether the element starts a line of its own. */
export function isBlockTag(tag: string): boolean {
  return blockTags.has(tag);
}

export function createElement(
  tag: string,
  attributes: Readonly<Record<string, string>>,
  parent: HtmlElement | null,
): HtmlElement {
  return { tag, attributes, children: [], parent, textLength: 0, linkLength: 0, holdsBlock: false };
}

/** The share of an element's text that stands in links, 0..1. */
export function linkDensity({ textLength, linkLength }: HtmlElement): number {
  return textLength === 0 ? 0 : linkLength / textLength;
}

/** Whether `other` is `element` or stands somewhere below it. */
export function holds(element: HtmlElement, other: HtmlElement): boolean {
  for (let up: HtmlElement | null = other; up !== null; up = up.parent) if (up === element) return true;
  return false;
}

/** Visits every element below `element`, in document order. */
export function walkElements(element: HtmlElement, visit: (element: HtmlElement) => void): void {
  for (const child of element.children) {
    if (typeof child === 'string') continue;
    visit(child);
    walkElements(child, visit);
  }
}

type Attributes = Readonly<Record<string, string>>;

/** Notes what the document says of itself. Facts are taken from anywhere: many pages have their `meta` in the body. */
function createFacts() {
  const facts: Omit<HtmlDocument, 'root'> = {
    meta: new Map(),
    title: null,
    language: null,
    base: null,
    canonical: null,
    refresh: null,
    hasPasswordField: false,
  };
  let isInTitle = false;
  let isInHead = false;
  let noscripts = 0;
  const noteMeta = (attributes: Attributes) => {
    const { name, property, 'http-equiv': equivalent, content } = attributes;
    if (equivalent?.trim().toLowerCase() === 'refresh' && noscripts === 0) facts.refresh ??= content ?? null;
    const key = (name ?? property ?? equivalent ?? '').toLowerCase();
    if (key !== '' && content !== undefined && !facts.meta.has(key)) facts.meta.set(key, content);
  };
  return {
    facts,
    open(tag: string, attributes: Attributes): void {
      if (tag === 'head') isInHead = true;
      else if (tag === 'noscript') noscripts += 1;
      else if (tag === 'html') facts.language ??= attributes['lang'] ?? attributes['xml:lang'] ?? null;
      else if (tag === 'title') isInTitle = facts.title === null;
      else if (tag === 'base') facts.base ??= attributes['href'] ?? null;
      else if (tag === 'meta') noteMeta(attributes);
      else if (tag === 'input') facts.hasPasswordField ||= attributes['type']?.toLowerCase() === 'password';
      else if (tag === 'link' && isInHead && /\bcanonical\b/i.test(attributes['rel'] ?? ''))
        facts.canonical ??= attributes['href'] ?? null;
    },
    close(tag: string): void {
      if (tag === 'title') isInTitle = false;
      else if (tag === 'head') isInHead = false;
      else if (tag === 'noscript') noscripts = Math.max(0, noscripts - 1);
    },
    text(data: string): void {
      if (isInTitle) facts.title = (facts.title ?? '') + data;
    },
  };
}

function createTree() {
  const root = createElement('html', {}, null);
  let current = root;
  let depth = 0;
  let tooDeep = 0;
  let linkDepth = 0;
  let silentDepth = 0;
  return {
    root,
    open(tag: string, attributes: Attributes): void {
      if (silentDepth > 0 || silentTags.has(tag)) silentDepth += 1;
      else if (tag === 'html') return;
      else if (depth >= maxDepth) tooDeep += 1;
      else {
        const element = createElement(tag, attributes, current);
        current.children.push(element);
        current = element;
        depth += 1;
        if (tag === 'a') linkDepth += 1;
      }
    },
    close(tag: string): void {
      const { parent } = current;
      if (silentDepth > 0) silentDepth -= 1;
      else if (tag === 'html') return;
      else if (tooDeep > 0) tooDeep -= 1;
      else if (parent !== null) {
        if (tag === 'a') linkDepth -= 1;
        parent.textLength += current.textLength;
        parent.linkLength += current.linkLength;
        if (current.holdsBlock || isBlockTag(current.tag)) parent.holdsBlock = true;
        current = parent;
        depth -= 1;
      }
    },
    text(data: string): void {
      if (silentDepth > 0) return;
      current.children.push(data);
      const length = data.replace(/\s+/g, ' ').length;
      if (length === 1 && data.trim() === '') return;
      current.textLength += length;
      if (linkDepth > 0) current.linkLength += length;
    },
  };
}

/** Reads HTML of any quality into a slim tree in one pass; never throws on malformed input. */
export function parseHtml(html: string): HtmlDocument {
  const facts = createFacts();
  const tree = createTree();
  const parser = new Parser({
    onopentag(tag, attributes) {
      facts.open(tag, attributes);
      tree.open(tag, attributes);
    },
    onclosetag(tag) {
      facts.close(tag);
      tree.close(tag);
    },
    ontext(data) {
      facts.text(data);
      tree.text(data);
    },
  });
  parser.write(html);
  parser.end();
  return { root: tree.root, ...facts.facts };
}
