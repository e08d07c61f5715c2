import { describe, expect, it } from 'vitest';
import { hrefOf, parseRoute, type Route } from './routes.ts';

const places: Route[] = [
  { name: 'inbox', conversationId: null },
  { name: 'inbox', conversationId: '0198c0de-0000-7000-8000-000000000001' },
  { name: 'knowledge', site: null, view: 'sources' },
  { name: 'knowledge', site: 'demo', view: 'documents' },
  { name: 'knowledge', site: 'demo', view: 'synonyms' },
  { name: 'source', site: 'demo', sourceId: '0198c0de-0000-7000-8000-000000000002' },
  { name: 'document', site: 'demo', documentId: 'https://shop.example/help/a b?c=d#e/100%' },
  { name: 'playground', site: 'demo' },
  { name: 'settings', site: null, section: null },
  { name: 'settings', site: 'demo', section: 'keys' },
  { name: 'setup' },
  { name: 'login' },
];

describe('routes', () => {
  it.each(places)('reads back the address of $name', (place) => {
    const url = new URL(hrefOf(place), 'http://localhost');
    expect(parseRoute(url.pathname, url.search)).toEqual(place);
  });

  it.each([
    ['/console', { name: 'inbox', conversationId: null }],
    ['/console/', { name: 'inbox', conversationId: null }],
    ['/console/nowhere', { name: 'unknown', path: '/console/nowhere' }],
    ['/console/settings/nowhere', { name: 'unknown', path: '/console/settings/nowhere' }],
    ['/console/inbox/a/b', { name: 'unknown', path: '/console/inbox/a/b' }],
    ['/elsewhere', { name: 'unknown', path: '/elsewhere' }],
    ['/console/documents/%E0%A4%A', { name: 'document', site: null, documentId: '%E0%A4%A' }],
  ])('reads %s', (path, expected) => {
    expect(parseRoute(path)).toEqual(expected);
  });
});
