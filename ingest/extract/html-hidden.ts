import { namesOf } from './html-names.ts';
import { isHidingStyle, isLostStyle } from './html-style.ts';
import { linkDensity, walkElements, type HtmlElement } from './html-tree.ts';

/** Classes of the utility frameworks that hide at every width, unless another shows the element again at some. */
const hidingClass = /(?:^|\s)(?:hidden|d-none|hide|is-hidden)(?:\s|$)/;
const showingClass =
  /(?:^|\s)(?:(?:2?xs|sm|md|lg|xl|[23]xl):(?:block|flex|grid|inline\S*|table\S*|contents)|d-(?:sm|md|lg|xl|xxl)-(?:block|flex|grid|inline\S*|table\S*))(?:\s|$)/;
/** Names of parts that a reader opens: answers, tabs, accordions. */
const panelName =
  /(?:^|[\s_-])(?:accordions?|collaps\w*|panel|tab|answers?|faqs?|toggle|expand(?:er|able)?)(?=$|[\s_-])/i;

function isMarkedHidden({ attributes, children }: HtmlElement): boolean {
  if ('hidden' in attributes && attributes['hidden'] !== 'until-found') return true;
  const style = attributes['style'] ?? '';
  if (attributes['aria-hidden'] === 'true' || isHidingStyle(style)) return true;
  // elements within may have a size and a colour of their own: containers without a size close gaps of a layout
  if (children.every((child) => typeof child === 'string') && isLostStyle(style)) return true;
  const names = attributes['class'] ?? '';
  return hidingClass.test(names) && !showingClass.test(names);
}

/** Ids of the parts that buttons and links of the page open. */
function controlledIds(body: HtmlElement): Set<string> {
  const ids = new Set<string>();
  walkElements(body, ({ attributes }) => {
    for (const id of (attributes['aria-controls'] ?? '').split(/\s+/)) ids.add(id);
    for (const name of ['href', 'data-target', 'data-bs-target']) {
      const target = attributes[name] ?? '';
      if (target.startsWith('#')) ids.add(target.slice(1));
    }
  });
  ids.delete('');
  return ids;
}

/**
 * Tells what no reader ever sees. What is only closed is not hidden: the sections of an accordion and the tabs of a
 * page wait for a click, and are often all that the page is about. Menus that open are still told by their links.
 */
export function createHiddenJudge(body: HtmlElement): (element: HtmlElement) => boolean {
  const controlled = controlledIds(body);
  return (element) => {
    if (!isMarkedHidden(element)) return false;
    const { role = '', id = '' } = element.attributes;
    const isPanel = role === 'tabpanel' || controlled.has(id) || panelName.test(namesOf(element));
    return !isPanel || linkDensity(element) > 0.5;
  };
}
