import type { HtmlElement } from './html-tree.ts';

/**
 * What the `class` and `id` of an element say about it. Names are claims: page builders call everything a widget,
 * utility classes say `overflow-hidden`, and generators make ids from headings, so a name alone drops only what is
 * never content; the others need the text's shape to agree.
 */
export type NameKind =
  /** Never what a page is about, whatever text is in it. */
  | 'around'
  /** Navigation by name: boilerplate where the text consists of links. */
  | 'links'
  /** A control or a remark by name: boilerplate where there are only a few words. */
  | 'remark'
  /** An aside that belongs to the text, or the text itself. */
  | 'content'
  | null;

const word = (pattern: string) => new RegExp(`(?:^|[\\s_-])(?:${pattern})(?=$|[\\s_-])`, 'i');

const around = word(
  [
    'foot(?:er|nav)?|(?:site|page|nav)-?footer|side-?bar|cookies?|consent|gdpr|ccpa|newsletter|pop-?up|modal|lightbox',
    'adverts?|advertis\\w*|ads?|adsense|dfp|sponsor(?:ed)?|taboola|outbrain|comments?|disqus|respond',
    'recirc\\w*|recommend(?:ed|ations?)|related|more-(?:stories|from|on)|most-(?:read|popular)|trending|read-?next|up-?next',
    'share(?:bar|-?links|-?buttons?|daddy)?|sharing|addtoany|author-?(?:bio|box|info)|by-?line|post-?meta|entry-?meta|page-?meta-?data',
    'widget-area|toolbar|(?:top|bottom)-?lang|lang(?:uage)?-?(?:switch\\w*|select\\w*)|skip(?:-?links?|-?to\\w*)|sr-only|visually-?hidden|screen-reader(?:-text)?|no-?print|print-?only|post-?(?:tag)?list|navheader|navfooter',
  ].join('|'),
);
const links = word(
  'nav(?:bar|igation|box|items?|links?)?|(?:top|main|side|foot|sub|user|mega)?-?menus?|breadcrumbs?|crumbs|path|rail|banner|social|pagination|pager|page-?numbers?|toc|table-?of-?contents|masthead|tags?|tag-?list|categories|topics|keywords|label-?list|edit-?(?:page|link|this)|promo\\w*|affiliate|author|meta-?data',
);
const remark = word(
  '(?:page|site|global)-?header|subscri(?:be|ption)|sign-?up|log-?in|overlay|promo\\w*|feedback|rating|votes?|helpful|edit-?(?:page|link|this)|meta-?data|timestamp|date-?line|donat(?:e|ion)|paywall|caption-?credit|photo-?credit',
);
/** Asides that belong to the text: notes, tips, warnings. */
const callout = /admonition|callout|alert|note|tip|warning|info|hint|important|caution/i;
const content = word(
  'article-?_?_?(?:body|content|text)|entry-?content|post-?(?:content|body)|story-?(?:body|content)|page-?content|main-?content|content-?body|markdown(?:-body)?|rst-content|mw-parser-output|body-?(?:content|text|copy)|rich-?text|prose',
);
/** Says what the page has beside this part, not what the part is. */
const state = /\b(?:has|with|without|no(?!-?print)|is|not)-[\w-]+/gi;

/** Whether the names are those of the text itself. */
export function isContentName(element: HtmlElement): boolean {
  return content.test(namesOf(element));
}

export function isCallout(element: HtmlElement): boolean {
  return callout.test(namesOf(element));
}

export function namesOf({ attributes }: HtmlElement): string {
  return `${attributes['class'] ?? ''} ${attributes['id'] ?? ''}`;
}

function judge(names: string): NameKind {
  if (content.test(names)) return 'content';
  if (around.test(names)) return 'around';
  if (links.test(names)) return 'links';
  return remark.test(names) ? 'remark' : null;
}

/** Judges names once each: pages repeat them. */
export function createNameJudge(): (names: string) => NameKind {
  const known = new Map<string, NameKind>();
  return (names) => {
    const before = known.get(names);
    if (before !== undefined) return before;
    const kind = judge(names.replace(state, ' ').replace(/([a-z])([A-Z])/g, '$1-$2'));
    known.set(names, kind);
    return kind;
  };
}
