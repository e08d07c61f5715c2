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

class TreeBuilder {
  readonly root = createElement('html', {}, null);
  readonly meta = new Map<string, string>();
  title: string | null = null;
  language: string | null = null;
  base: string | null = null;
  canonical: string | null = null;
  hasPasswordField = false;
  private current = this.root;
  private depth = 0;
  private tooDeep = 0;
  private linkDepth = 0;
  private silentDepth = 0;
  private isInTitle = false;
  private isInHead = false;

  open(tag: string, attributes: Record<string, string>): void {
    this.note(tag, attributes);
    if (this.silentDepth > 0 || silentTags.has(tag)) {
      this.silentDepth += 1;
      return;
    }
    if (tag === 'html') return;
    if (this.depth >= maxDepth) {
      this.tooDeep += 1;
      return;
    }
    const element = createElement(tag, attributes, this.current);
    this.current.children.push(element);
    this.current = element;
    this.depth += 1;
    if (tag === 'a') this.linkDepth += 1;
  }

  /** Facts are taken from anywhere: many pages have their `meta` in the body. */
  private note(tag: string, attributes: Record<string, string>): void {
    if (tag === 'head') this.isInHead = true;
    if (tag === 'html') this.language ??= attributes['lang'] ?? attributes['xml:lang'] ?? null;
    if (tag === 'title') this.isInTitle = this.title === null;
    if (tag === 'input' && attributes['type']?.toLowerCase() === 'password') this.hasPasswordField = true;
    if (tag === 'base') this.base ??= attributes['href'] ?? null;
    if (tag === 'link' && this.isInHead && /\bcanonical\b/i.test(attributes['rel'] ?? '')) {
      this.canonical ??= attributes['href'] ?? null;
    }
    if (tag === 'meta') {
      const name = (
        attributes['name'] ??
        attributes['property'] ??
        attributes['http-equiv'] ??
        ''
      ).toLowerCase();
      const content = attributes['content'];
      if (name !== '' && content !== undefined && !this.meta.has(name)) this.meta.set(name, content);
    }
  }

  close(tag: string): void {
    if (tag === 'title') this.isInTitle = false;
    if (tag === 'head') this.isInHead = false;
    if (this.silentDepth > 0) {
      this.silentDepth -= 1;
      return;
    }
    if (tag === 'html') return;
    if (this.tooDeep > 0) {
      this.tooDeep -= 1;
      return;
    }
    const { parent } = this.current;
    if (parent === null) return;
    if (tag === 'a') this.linkDepth -= 1;
    parent.textLength += this.current.textLength;
    parent.linkLength += this.current.linkLength;
    if (this.current.holdsBlock || isBlockTag(this.current.tag)) parent.holdsBlock = true;
    this.current = parent;
    this.depth -= 1;
  }

  text(data: string): void {
    if (this.isInTitle) this.title = (this.title ?? '') + data;
    if (this.silentDepth > 0) return;
    this.current.children.push(data);
    const length = data.replace(/\s+/g, ' ').length;
    if (length === 1 && data.trim() === '') return;
    this.current.textLength += length;
    if (this.linkDepth > 0) this.current.linkLength += length;
  }
}

/** Reads HTML of any quality into a slim tree in one pass; never throws on malformed input. */
export function parseHtml(html: string): HtmlDocument {
  const builder = new TreeBuilder();
  const parser = new Parser({
    onopentag: (tag, attributes) => builder.open(tag, attributes),
    onclosetag: (tag) => builder.close(tag),
    ontext: (data) => builder.text(data),
  });
  parser.write(html);
  parser.end();
  const { root, meta, title, language, base, canonical, hasPasswordField } = builder;
  return { root, meta, title, language, base, canonical, hasPasswordField };
}
