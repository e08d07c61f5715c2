import { parseRoute, type Route } from './routes.ts';

/** Where a click on an own link leads; null for clicks that the browser should handle (new tab, download, other site). */
export const routeOfClick = (event: MouseEvent, origin: string): Route | null => {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (link === null || link.target !== '' || link.hasAttribute('download')) return null;
  const url = new URL(link.href, origin);
  if (url.origin !== origin) return null;
  const route = parseRoute(url.pathname, url.search);
  return route.name === 'unknown' ? null : route;
};
