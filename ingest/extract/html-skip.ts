import { createHiddenJudge } from './html-hidden.ts';
import { createNameJudge, isCallout, namesOf, type NameKind } from './html-names.ts';
import { findElement, findFirst, headingTag, inlineText, slug } from './html-text.ts';
import { holds, linkDensity, type HtmlElement } from './html-tree.ts';

const aroundTags = new Set(['nav', 'footer', 'aside', 'menu', 'dialog']);
const aroundRoles = new Set(
  'navigation banner contentinfo search complementary dialog alertdialog menu menubar toolbar tooltip status'.split(
    ' ',
  ),
);
/** Text is judged with what holds it, not by its own names. */
const textTags = new Set(
  'article body main h1 h2 h3 h4 h5 h6 span b i em strong code pre tr tbody dt dd'.split(' '),
);
/** Remarks by name are no longer than this, in letters. */
const maxRemark = 150;

export function isDeclaredMain({ tag, attributes }: HtmlElement): boolean {
  return tag === 'main' || attributes['role'] === 'main';
}

/** A button that opens a section bears the section's name; every other button is a control. */
function isControl(element: HtmlElement): boolean {
  const { tag, attributes, textLength } = element;
  if (tag !== 'button' && attributes['role'] !== 'button') return false;
  const opens =
    'aria-expanded' in attributes ||
    'aria-controls' in attributes ||
    /accordion|collaps|faq|question/i.test(attributes['class'] ?? '');
  return !opens || textLength < 12;
}

/** Whether the id was made from the heading that the part begins with: then it says what the part is about. */
function isHeadingId(element: HtmlElement, id: string): boolean {
  const heading = findElement(element, (inner) => headingTag.test(inner.tag));
  return heading !== null && slug(inlineText(heading)) === slug(id);
}

/** A cell of a table that only arranges the page, when it holds nothing but links. */
const isLinkCell = (element: HtmlElement) =>
  element.tag === 'td' && element.holdsBlock && linkDensity(element) > 0.8;

function agrees(element: HtmlElement, kind: NameKind, isPart: (element: HtmlElement) => boolean): boolean {
  const density = linkDensity(element);
  if (element.tag === 'a' || element.tag === 'p')
    return kind === 'around' || (kind !== null && density > 0.5);
  if (kind === 'links') return density > (element.textLength < maxRemark ? 0.25 : 0.4);
  if (kind === 'around') return isPart(element) && !isCallout(element);
  return (
    kind === 'remark' &&
    element.textLength < maxRemark &&
    findElement(element, (inner) => headingTag.test(inner.tag)) === null
  );
}

/** Decides what is left out of a page: controls, hidden parts, and what tag, role or name and shape tell. */
export function createSkipper(body: HtmlElement): (element: HtmlElement) => boolean {
  const most = body.textLength * 0.5;
  const heading = findFirst(body, 'h1');
  const isHidden = createHiddenJudge(body);
  const kindOf = createNameJudge();
  const holdsMain = (element: HtmlElement) =>
    (heading !== null && holds(element, heading)) ||
    findElement(element, (inner) => inner.tag === 'article' || isDeclaredMain(inner)) !== null;
  const hasMain = findElement(body, isDeclaredMain) !== null;
  const isPart = (element: HtmlElement) => element.textLength < most && !holdsMain(element);
  const judge = (element: HtmlElement): boolean => {
    const { tag, attributes } = element;
    if (isControl(element) || isHidden(element) || isLinkCell(element)) return true;
    if (textTags.has(tag) || isDeclaredMain(element)) return false;
    if (tag === 'header') return linkDensity(element) > 0.3 && !holdsMain(element);
    if (tag === 'aside' && isCallout(element)) return false;
    if (aroundTags.has(tag) || aroundRoles.has(attributes['role'] ?? ''))
      return isPart(element) || (hasMain && !holdsMain(element));
    const kind = kindOf(namesOf(element));
    if (kind === null || kind === 'content') return false;
    const { id, class: classes = '' } = attributes;
    if (id !== undefined && kindOf(classes) !== kind && isHeadingId(element, id)) return false;
    return agrees(element, kind, isPart);
  };
  const verdicts = new Map<HtmlElement, boolean>();
  return (element) => {
    const known = verdicts.get(element);
    if (known !== undefined) return known;
    const verdict = judge(element);
    verdicts.set(element, verdict);
    return verdict;
  };
}
