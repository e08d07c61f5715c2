import express, { type Request, type Response, type Router } from 'express';
import { AppError } from '../../../errors.ts';
import { demoPages, renderDemoPage, renderDemoSitemap } from '../../../../demo/site.ts';
import type { Access } from '../../../services/access.ts';
import { demoSiteId, type Sites } from '../../../services/sites.ts';
import { setSecurityHeaders, type PageKind } from '../headers.ts';
import { immutableCache, sendBuildFile, shortCache } from '../static-files.ts';
import { createDocs } from './docs.ts';
import { renderHome } from './home.ts';
import { renderNotFound } from './not-found.ts';

/** Folders that pages are served from. */
export interface PageFolders {
  /** Build of the widget: `widget.js`, `frame.html`, `assets/`. */
  widget: string;
  /** Build of the console: `index.html`, `assets/`. */
  console: string;
  docs: string;
  demo: string;
  /** The few files of our own pages. */
  site: string;
}

export interface PageDeps {
  access: Pick<Access, 'needsSetup'>;
  sites: Pick<Sites, 'get'>;
  folders: PageFolders;
  isHttps: boolean;
  /** The address browsers use for the request. */
  originOf(request: Request): string;
}

type Handler = (request: Request, response: Response) => Promise<void>;

/** One page or file; everything here is for everybody, and read-only. */
export interface Page {
  path: string;
  kind: PageKind;
  handle: Handler;
}

const anyPath = '{/*rest}';

/** What a wildcard matched, without the slashes around it. */
function restOf(request: Request): string {
  const rest: unknown = request.params['rest'];
  return Array.isArray(rest) ? rest.join('/') : '';
}

const notBuilt = (what: string): AppError =>
  new AppError('unavailable', `The ${what} is not built.`, {
    fix: 'Run npm run build, or start with npm start.',
  });

function notFound(response: Response): void {
  response.status(404).type('html').send(renderNotFound());
}

function html(response: Response, page: string | null): void {
  if (page === null) notFound(response);
  else response.set('cache-control', 'no-cache').type('html').send(page);
}

function ownPages({ access, folders, originOf }: PageDeps): Page[] {
  const docs = createDocs(folders.docs);
  return [
    {
      path: '/',
      kind: 'page',
      async handle(request, response) {
        html(response, renderHome({ origin: originOf(request), needsSetup: await access.needsSetup() }));
      },
    },
    {
      path: `/docs${anyPath}`,
      kind: 'page',
      handle: async (request, response) => html(response, await docs.render(restOf(request))),
    },
    {
      path: '/site/:file',
      kind: 'asset',
      async handle(request, response) {
        const name = String(request.params['file']);
        const options = { root: folders.site, name, cache: shortCache };
        if (!(await sendBuildFile(request, response, options))) notFound(response);
      },
    },
    {
      path: '/favicon.ico',
      kind: 'asset',
      async handle(request, response) {
        const options = { root: folders.site, name: 'favicon.svg', cache: shortCache };
        if (!(await sendBuildFile(request, response, options))) notFound(response);
      },
    },
    {
      path: '/robots.txt',
      kind: 'asset',
      async handle(request, response) {
        const sitemap = `${originOf(request)}/demo/sitemap.xml`;
        response
          .type('text/plain')
          .send(`User-agent: *\nDisallow: /api/\nDisallow: /console\nSitemap: ${sitemap}\n`);
      },
    },
  ];
}

function demoShop({ folders, originOf }: PageDeps): Page[] {
  return [
    {
      path: '/demo/style.css',
      kind: 'asset',
      async handle(request, response) {
        const options = { root: folders.demo, name: 'style.css', cache: shortCache };
        if (!(await sendBuildFile(request, response, options))) notFound(response);
      },
    },
    {
      path: '/demo/sitemap.xml',
      kind: 'asset',
      async handle(request, response) {
        response.type('application/xml').send(renderDemoSitemap(originOf(request)));
      },
    },
    {
      path: `/demo${anyPath}`,
      kind: 'page',
      async handle(request, response) {
        const rest = restOf(request);
        html(response, renderDemoPage(rest, { widgetSrc: '/widget.js', siteId: demoSiteId }));
      },
    },
  ];
}

function widgetPages({ folders, sites, isHttps }: PageDeps): Page[] {
  return [
    {
      path: '/widget.js',
      kind: 'shared-asset',
      async handle(request, response) {
        const options = { root: folders.widget, name: 'widget.js', cache: shortCache };
        if (!(await sendBuildFile(request, response, options))) throw notBuilt('widget');
      },
    },
    {
      path: '/widget/frame',
      kind: 'widget-frame',
      async handle(request, response) {
        const site = await sites.get(String(request.query['site'] ?? ''));
        const frameAncestors = site.settings.allowedOrigins;
        setSecurityHeaders(response, 'widget-frame', { host: request.headers.host, isHttps, frameAncestors });
        const options = { root: folders.widget, name: 'frame.html', cache: 'no-store' };
        if (!(await sendBuildFile(request, response, options))) throw notBuilt('widget');
      },
    },
    {
      path: `/widget/assets${anyPath}`,
      kind: 'shared-asset',
      async handle(request, response) {
        const options = { root: folders.widget, name: `assets/${restOf(request)}`, cache: immutableCache };
        if (!(await sendBuildFile(request, response, options))) notFound(response);
      },
    },
  ];
}

function consolePages({ folders }: PageDeps): Page[] {
  return [
    {
      path: `/console/assets${anyPath}`,
      kind: 'asset',
      async handle(request, response) {
        const options = { root: folders.console, name: `assets/${restOf(request)}`, cache: immutableCache };
        if (!(await sendBuildFile(request, response, options))) notFound(response);
      },
    },
    {
      path: `/console${anyPath}`,
      kind: 'console',
      async handle(request, response) {
        const rest = restOf(request);
        // a file of the build (an icon, a font); every other path is a screen of the app
        const isFile = /\.[a-z0-9]+$/.test(rest);
        const name = isFile ? rest : 'index.html';
        const cache = isFile ? shortCache : 'no-store';
        if (await sendBuildFile(request, response, { root: folders.console, name, cache })) return;
        if (isFile) notFound(response);
        else throw notBuilt('console');
      },
    },
  ];
}

/** Everything that is not the API. */
export function pageTable(deps: PageDeps): Page[] {
  return [...ownPages(deps), ...demoShop(deps), ...widgetPages(deps), ...consolePages(deps)];
}

/** Serves the pages, each with the headers of its kind; `fail` sends what went wrong. */
export function mountPages(
  pages: readonly Page[],
  deps: Pick<PageDeps, 'isHttps'>,
  fail: (request: Request, response: Response, error: unknown, where: string) => void,
): Router {
  demoPages();
  const router = express.Router();
  for (const { path, kind, handle } of pages) {
    router.get(path, (request, response) => {
      response.locals['route'] = path;
      setSecurityHeaders(response, kind, { host: request.headers.host, isHttps: deps.isHttps });
      handle(request, response).catch((error: unknown) => fail(request, response, error, path));
    });
  }
  return router;
}
