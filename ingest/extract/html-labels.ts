import { findElement, headingTag, inlineText } from './html-text.ts';
import { holds, linkDensity, walkElements, type HtmlElement } from './html-tree.ts';
import { spacedWords, type Block } from './types.ts';

/** Headings of parts that are about other pages or ask the reader something: matched as a whole. */
const aboutOthers =
  /^(?:(?:read |see |find |watch |view |show )?more(?: (?:from|in|on|about|like|by|stories|news|articles|posts|videos|to|for)\b.{0,40}| .{0,24})?|related(?: (?:articles?|content|pages?|links?|posts?|stories|topics?|tags?|videos?|news|products?|items|coverage|reading|searches|questions))?|(?:recommended|suggested|sponsored|promoted|featured|popular|latest|top|trending|recent|most (?:read|popular|viewed|shared|recent)|editor'?s)(?: (?:articles?|content|posts?|stories|videos?|news|for you|picks?|reading|links?|now|today|headlines))*|you (?:may|might|could) (?:also )?(?:like|be interested.{0,20}|enjoy|want.{0,20})|(?:up|read|watch|what to read|what to watch|see) next|don'?t miss|in case you missed it|around the web|from the web|from our partners|leave a (?:reply|comment)|\d+ comments?|join the (?:conversation|discussion)|share this(?: (?:article|story|page|post))?|advertisement|was this (?:page|article|answer|information) (?:helpful|useful).{0,5}|did you find.{0,40}|still need help.{0,5})[\s:.…!?»>+-]*$/i;

/** Headings that a page's own section may bear as well: furniture where links or a form stand under them. */
const ambiguous =
  /^(?:comments?(?: \(?\d+\)?)?|share|tags|topics|categories|filed under|follow us.{0,20}|stay (?:connected|in touch|up to date).{0,20}|sign up.{0,40}|subscribe.{0,40}|(?:our )?newsletters?|about the authors?|contents|on this page|in this article|table of contents|navigation|menu|search)[\s:.…!?»>+-]*$/i;

/** Lines that lead to other pages; matched at the start of a short paragraph that is mostly a link. */
const referralLine =
  /^(?:related|read (?:more|also|next)|also read|see also|more|follow\b.{0,40}\bon (?:instagram|facebook|twitter|youtube|linkedin)|sign up|subscribe|share|tweet|advertisement|continue reading|story continues|scroll (?:down|on)|post (?:a )?comment|sharing is caring|loading)\b/i;
const dateLine =
  /^(?:(?:first |last |originally )?(?:published|posted|updated|modified|created|edited|reviewed)|date)\b.{0,60}\d/i;
const creditLine =
  /^\(?(?:image|photo|picture)s?\s*(?:credits?|copyright|source|courtesy|©)\b|^©|\b(?:getty images|shutterstock)\)?$/i;

/** Whether a heading announces other pages or page furniture. */
export function isFurnitureHeading(text: string): boolean {
  return text.length <= 70 && aboutOthers.test(text.trim());
}

function startsWith(element: HtmlElement, heading: HtmlElement): boolean {
  for (let at: HtmlElement = heading; at !== element;) {
    const { parent } = at;
    if (parent === null) return false;
    const before = parent.children.slice(0, parent.children.indexOf(at));
    if (before.some((child) => (typeof child === 'string' ? child.trim() !== '' : child.textLength > 0)))
      return false;
    at = parent;
  }
  return true;
}

/** The largest part that begins with this heading and does not hold `keep`. */
function partOf(heading: HtmlElement, keep: HtmlElement): HtmlElement {
  let part = heading;
  for (let up = heading.parent; up !== null && !holds(up, keep) && startsWith(up, heading); up = up.parent)
    part = up;
  return part;
}

function isFurniturePart(part: HtmlElement, label: string): boolean {
  if (isFurnitureHeading(label)) return true;
  if (label.length > 70 || !ambiguous.test(label)) return false;
  return linkDensity(part) > 0.4 || findElement(part, (inner) => inner.tag === 'form') !== null;
}

/** Parts of a page that open with a heading such as "Related articles" and do not hold the main text. */
export function furnitureParts(root: HtmlElement, main: HtmlElement): Set<HtmlElement> {
  const parts = new Set<HtmlElement>();
  walkElements(root, (element) => {
    if (!headingTag.test(element.tag)) return;
    const part = partOf(element, main);
    if (isFurniturePart(part, inlineText(element))) parts.add(part);
  });
  return parts;
}

/** A short paragraph that says when it was written, whose picture it shows, or where else to go. */
function isFurnitureLine(entry: Block, linkShare: number): boolean {
  const words = spacedWords(entry.text);
  if (entry.type !== 'paragraph' || words > 22) return false;
  if (dateLine.test(entry.text) || (words <= 10 && creditLine.test(entry.text))) return true;
  return referralLine.test(entry.text) && (linkShare > 0.4 || words <= 2);
}

/** A block with the share of its letters that stands in links. */
export interface LinkedBlock extends Block {
  linkShare: number;
  /** True when all of its text is what images say. */
  isImage: boolean;
}

/** A page with this many words besides can do without lists that only lead elsewhere. */
const enoughWords = 150;

/** Links to other pages, without a word about them: whole lists, or headings with no text of their own. */
function isReferral(entry: LinkedBlock, next: LinkedBlock | undefined): boolean {
  if (entry.linkShare < 0.95) return false;
  if (entry.type === 'heading')
    return next === undefined || (next.type === 'heading' && next.level <= entry.level);
  const lines = entry.text.split('\n').length;
  return entry.type === 'list' && lines >= 2 && spacedWords(entry.text) / lines >= 4;
}

/** Drops furniture among the blocks: such lines and headings, lists that lead elsewhere, and repeated paragraphs. */
export function dropFurniture(blocks: readonly LinkedBlock[]): Block[] {
  const kept: Block[] = [];
  const seen = new Set<string>();
  const plainWords = blocks.reduce(
    (sum, { text, linkShare }) => sum + spacedWords(text) * (1 - linkShare),
    0,
  );
  const hasEnough = plainWords >= enoughWords;
  blocks.forEach((linked, index) => {
    const { linkShare, isImage, ...entry } = linked;
    const near = kept.slice(-4).some((other) => other.text === entry.text);
    const isRepeated = spacedWords(entry.text) > 6 && (isImage ? seen.has(entry.text) : near);
    const isElsewhere = hasEnough && isReferral(linked, blocks[index + 1]);
    const isFurniture =
      isFurnitureLine(entry, linkShare) || (entry.type === 'heading' && isFurnitureHeading(entry.text));
    if (isRepeated || isElsewhere || isFurniture) return;
    seen.add(entry.text);
    kept.push(entry);
  });
  return kept;
}
