/**
 * Inline Markdown to a tree that a screen renders node by node; HTML is never made from it.
 * Linear in the length of the text: nesting, link labels and addresses are bounded.
 */
export type Inline =
  | { type: 'text'; text: string }
  | { type: 'strong' | 'emphasis'; children: readonly Inline[] }
  | { type: 'code'; text: string }
  | { type: 'link'; href: string; children: readonly Inline[] }
  | { type: 'citation'; marker: number }
  | { type: 'break' };

export interface InlineOptions {
  /** The text is still growing: an unfinished mark at its end is closed or held back, so that nothing flickers. */
  isStreaming?: boolean;
}

const maxDepth = 8;
const maxLabelLength = 400;
const maxHrefLength = 2000;
const maxCodeLength = 2000;
const schemes = new Set(['http:', 'https:', 'mailto:']);

/** The address if it is an absolute http, https or mailto one without control characters or spaces, else null. */
export function safeHref(raw: string): string | null {
  // eslint-disable-next-line no-control-regex -- these are exactly what browsers skip inside a scheme
  if (raw.length > maxHrefLength || /[\u0000-\u0020\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e]/u.test(raw))
    return null;
  if (!/^(?:https?:\/\/|mailto:)[^/]/iu.test(raw)) return null;
  const url = URL.canParse(raw) ? new URL(raw) : null;
  return url && schemes.has(url.protocol) && url.username === '' && url.password === '' ? url.href : null;
}

interface Frame {
  mark: string;
  children: Inline[];
}

class InlineReader {
  readonly #text: string;
  readonly #isStreaming: boolean;
  readonly #canLink: boolean;
  readonly #frames: Frame[] = [{ mark: '', children: [] }];
  #at = 0;
  #plain = '';

  constructor(text: string, isStreaming: boolean, canLink: boolean) {
    this.#text = text;
    this.#isStreaming = isStreaming;
    this.#canLink = canLink;
  }

  read(): Inline[] {
    while (this.#at < this.#text.length) {
      if (!this.#readSpecial(this.#text.charAt(this.#at))) {
        this.#plain += this.#text.charAt(this.#at);
        this.#at += 1;
      }
    }
    this.#flush();
    while (this.#frames.length > 1) this.#leave(this.#isStreaming);
    return this.#frames[0]?.children ?? [];
  }

  #readSpecial(char: string): boolean {
    switch (char) {
      case '\\':
        return this.#readEscape();
      case '\n':
        this.#push({ type: 'break' }, 1);
        return true;
      case '`':
        return this.#readCode();
      case '*':
      case '_':
        return this.#readMark(char);
      case '!':
        return this.#readImage();
      case '[':
        return this.#readCitation() || this.#readLink();
      case '<':
        return this.#readAngle();
      case 'h':
      case 'H':
        return this.#readBare();
      default:
        return false;
    }
  }

  #flush(): void {
    if (this.#plain === '') return;
    this.#frames.at(-1)?.children.push({ type: 'text', text: this.#plain });
    this.#plain = '';
  }

  #push(node: Inline, length: number): void {
    this.#flush();
    this.#frames.at(-1)?.children.push(node);
    this.#at += length;
  }

  /** Ends the innermost mark: as what it means, or as the plain characters it is made of. */
  #leave(isClosed: boolean): void {
    const frame = this.#frames.pop();
    const parent = this.#frames.at(-1);
    if (!frame || !parent) return;
    if (!isClosed) parent.children.push({ type: 'text', text: frame.mark }, ...frame.children);
    else if (frame.children.length > 0) {
      const type = frame.mark.length === 2 ? 'strong' : 'emphasis';
      parent.children.push({ type, children: frame.children });
    }
  }

  #readEscape(): boolean {
    const next = this.#text.charAt(this.#at + 1);
    if (next === '' || !'\\`*_{}[]()<>#+-.!|~'.includes(next)) return false;
    this.#plain += next;
    this.#at += 2;
    return true;
  }

  #readCode(): boolean {
    const window = this.#text.slice(this.#at, this.#at + maxCodeLength);
    const found = /^(`{1,3})(?!`)([^`]|[^`][^]*?[^`])\1(?!`)/u.exec(window);
    if (!found) return false;
    const text = (found[2] ?? '').replaceAll('\n', ' ');
    this.#push(
      { type: 'code', text: /^ .*[^ ].* $/u.test(text) ? text.slice(1, -1) : text },
      found[0].length,
    );
    return true;
  }

  #readMark(char: string): boolean {
    const mark = this.#text.startsWith(char + char, this.#at) ? char + char : char;
    const before = this.#text.charAt(this.#at - 1);
    const after = this.#text.charAt(this.#at + mark.length);
    const isInWord = char === '_' && /[\p{L}\p{N}]/u.test(before) && /[\p{L}\p{N}]/u.test(after);
    const opener = this.#frames.findLastIndex((frame) => frame.mark === mark);
    if (opener > 0 && before.trim() !== '' && !isInWord) {
      this.#flush();
      while (this.#frames.length - 1 > opener) this.#leave(false);
      this.#leave(true);
      this.#at += mark.length;
      return true;
    }
    const isLast = after === '' && this.#isStreaming;
    if (isInWord || this.#frames.length > maxDepth || (after.trim() === '' && !isLast)) return false;
    this.#flush();
    this.#frames.push({ mark, children: [] });
    this.#at += mark.length;
    return true;
  }

  #readImage(): boolean {
    if (this.#text.charAt(this.#at + 1) !== '[') return false;
    const found = this.#matchLink(this.#at + 1);
    if (!found) return false;
    this.#plain += found.label;
    this.#at += found.length + 1;
    return true;
  }

  #readCitation(): boolean {
    const window = this.#text.slice(this.#at, this.#at + 24);
    const found = /^\[(\d{1,3}(?:\s?,\s?\d{1,3})*)\](?!\()/u.exec(window);
    if (found) {
      for (const marker of (found[1] ?? '').split(',')) {
        this.#push({ type: 'citation', marker: Number(marker) }, 0);
      }
      this.#at += found[0].length;
      return true;
    }
    if (!this.#isStreaming || !/^\[[\d, ]*$/u.test(window) || window.length === 24) return false;
    this.#at = this.#text.length;
    return true;
  }

  #matchLink(at: number): { label: string; href: string | null; length: number } | null {
    const window = this.#text.slice(at, at + maxLabelLength + maxHrefLength);
    const close = window.indexOf('](');
    if (close < 0 || close > maxLabelLength) return null;
    const label = window.slice(1, close);
    // the innermost brackets are the link's
    if (label.includes('[')) return null;
    const target =
      /^\(\s*<?([^\s<>()]*(?:\([^\s<>()]*\)[^\s<>()]*)*)>?(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/u.exec(
        window.slice(close + 1),
      );
    if (!target) return null;
    return { label, href: safeHref(target[1] ?? ''), length: close + 1 + target[0].length };
  }

  #readLink(): boolean {
    const found = this.#matchLink(this.#at);
    if (found) {
      const children = parseRun(found.label, false, false);
      if (found.href !== null) this.#push({ type: 'link', href: found.href, children }, found.length);
      else {
        for (const child of children) this.#push(child, 0);
        this.#at += found.length;
      }
      return true;
    }
    const tail = this.#isStreaming
      ? /^\[([^[\]\n]{0,400})\]?\(?[^\s)]*$/u.exec(this.#text.slice(this.#at, this.#at + maxHrefLength))
      : null;
    if (!tail || this.#text.length - this.#at >= maxHrefLength) return false;
    this.#plain += tail[1] ?? '';
    this.#at = this.#text.length;
    return true;
  }

  #readAngle(): boolean {
    const found = /^<([^\s<>]{3,400})>/u.exec(this.#text.slice(this.#at, this.#at + 402));
    const inside = found?.[1] ?? '';
    const href = safeHref(/^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/u.test(inside) ? `mailto:${inside}` : inside);
    if (!found || href === null || !this.#canLink) return false;
    this.#push({ type: 'link', href, children: [{ type: 'text', text: inside }] }, found[0].length);
    return true;
  }

  /** A bare `https://...`; the punctuation that ends a sentence is not part of it. */
  #readBare(): boolean {
    if (!this.#canLink || /[\p{L}\p{N}]/u.test(this.#text.charAt(this.#at - 1))) return false;
    const window = this.#text.slice(this.#at, this.#at + maxHrefLength);
    const found = /^https?:\/\/[^\s<>"'`\\[\]{}|*]+/iu.exec(window)?.[0];
    if (!found) return false;
    let address = found.replace(/[.,;:!?_]+$/u, '');
    while (address.endsWith(')') && address.split('(').length < address.split(')').length) {
      address = address.slice(0, -1);
    }
    const href = safeHref(address);
    if (href === null) return false;
    this.#push({ type: 'link', href, children: [{ type: 'text', text: address }] }, address.length);
    return true;
  }
}

function parseRun(text: string, isStreaming: boolean, canLink: boolean): Inline[] {
  return new InlineReader(text, isStreaming, canLink).read();
}

/** Reads bold, italic, code, links and citation marks such as `[2]`; everything else stays text. */
export function parseInline(text: string, options: InlineOptions = {}): Inline[] {
  return parseRun(text, options.isStreaming ?? false, true);
}

/** Reads what a person typed: line breaks and bare addresses only, no other mark has a meaning. */
export function parsePlain(text: string): Inline[] {
  const nodes: Inline[] = [];
  let from = 0;
  const pushText = (until: number): void => {
    if (until > from) nodes.push({ type: 'text', text: text.slice(from, until) });
  };
  for (const found of text.matchAll(/(?<![\p{L}\p{N}])https?:\/\/[^\s<>"'`\\[\]{}|*]{1,2000}/giu)) {
    const [link] = parseRun(found[0], false, true);
    const length = link?.type === 'link' ? textLength(link.children) : 0;
    if (!link || length === 0) continue;
    pushText(found.index);
    nodes.push(link);
    from = found.index + length;
  }
  pushText(text.length);
  return nodes;
}

function textLength(children: readonly Inline[]): number {
  return children.reduce((sum, child) => sum + (child.type === 'text' ? child.text.length : 0), 0);
}
