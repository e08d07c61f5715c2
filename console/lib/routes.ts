/** Settings pages, in the order of their index. */
export const settingsSections = ['general', 'ai', 'widget', 'people', 'keys', 'account'] as const;
export type SettingsSection = (typeof settingsSections)[number];

/** What the knowledge screen can show of a site. */
export const knowledgeViews = ['sources', 'documents', 'synonyms'] as const;
export type KnowledgeView = (typeof knowledgeViews)[number];

/** Every place of the console that an address can name. `site` is null where the last chosen one is meant. */
export type Route =
  | { name: 'inbox'; conversationId: string | null }
  | { name: 'knowledge'; site: string | null; view: KnowledgeView }
  | { name: 'source'; site: string | null; sourceId: string }
  | { name: 'document'; site: string | null; documentId: string }
  | { name: 'playground'; site: string | null }
  | { name: 'settings'; site: string | null; section: SettingsSection | null }
  | { name: 'setup' }
  | { name: 'login' }
  | { name: 'unknown'; path: string };

/** The path that every address of the console begins with. */
export const basePath = '/console';

const isSection = (text: string): text is SettingsSection =>
  settingsSections.some((section) => section === text);

const readView = (text: string | null): KnowledgeView =>
  knowledgeViews.find((view) => view === text) ?? 'sources';

const decode = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

/** Reads an address (path and query, as in `location`); never throws. */
export const parseRoute = (pathname: string, search = ''): Route => {
  const parts = pathname.slice(basePath.length).split('/').filter(Boolean).map(decode);
  const query = new URLSearchParams(search);
  const site = query.get('site');
  const [first, second] = parts;
  if (!pathname.startsWith(basePath) || parts.length > 2) return { name: 'unknown', path: pathname };
  switch (first) {
    case undefined:
      return { name: 'inbox', conversationId: null };
    case 'inbox':
      return { name: 'inbox', conversationId: second ?? null };
    case 'knowledge':
      if (second !== undefined) return { name: 'source', site, sourceId: second };
      return { name: 'knowledge', site, view: readView(query.get('view')) };
    case 'documents':
      if (second === undefined) return { name: 'knowledge', site, view: 'documents' };
      return { name: 'document', site, documentId: second };
    case 'playground':
      return { name: 'playground', site };
    case 'settings':
      if (second === undefined) return { name: 'settings', site, section: null };
      return isSection(second)
        ? { name: 'settings', site, section: second }
        : { name: 'unknown', path: pathname };
    case 'setup':
    case 'login':
      return { name: first };
    default:
      return { name: 'unknown', path: pathname };
  }
};

const withQuery = (path: string, query: Record<string, string | null>): string => {
  const given = Object.entries(query).flatMap(([key, value]) =>
    value === null ? [] : [`${key}=${encodeURIComponent(value)}`],
  );
  return given.length === 0 ? path : `${path}?${given.join('&')}`;
};

const pathOf = (route: Route): string => {
  switch (route.name) {
    case 'inbox':
      return `/inbox${route.conversationId === null ? '' : `/${encodeURIComponent(route.conversationId)}`}`;
    case 'knowledge':
      return withQuery('/knowledge', {
        site: route.site,
        view: route.view === 'sources' ? null : route.view,
      });
    case 'source':
      return withQuery(`/knowledge/${encodeURIComponent(route.sourceId)}`, { site: route.site });
    case 'document':
      return withQuery(`/documents/${encodeURIComponent(route.documentId)}`, { site: route.site });
    case 'playground':
      return withQuery('/playground', { site: route.site });
    case 'settings':
      return withQuery(`/settings${route.section === null ? '' : `/${route.section}`}`, {
        site: route.site,
      });
    case 'setup':
    case 'login':
      return `/${route.name}`;
    case 'unknown':
      return '/inbox';
  }
};

/** The address of a place, for links and the history; `parseRoute` reads it back. */
export const hrefOf = (route: Route): string => `${basePath}${pathOf(route)}`;
