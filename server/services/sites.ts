import type { Clock, Database, Logger } from '../ports.ts';
import { AppError } from '../errors.ts';
import type { Site, SiteSettings } from '../protocol/http.ts';
import {
  deleteSite,
  findSite,
  insertSite,
  listSites,
  lockSite,
  updateSite,
  type SiteRecord,
} from '../store/site.ts';
import { normalizeOrigins } from './sites-origins.ts';

/** The owner's own site, made at the first start. */
export const defaultSiteId = 'default';
/** The demo shop's site, made at the first start and free to be deleted. */
export const demoSiteId = 'demo';

export interface SitesDeps {
  db: Database;
  clock: Clock;
  logger: Logger;
}

/** What an owner may change; settings that are left out stay as they are. */
export interface SiteChange {
  name?: string | undefined;
  settings?: { [Key in keyof SiteSettings]?: SiteSettings[Key] | undefined } | undefined;
}

/** Sites: one chatbot each, with its knowledge and settings. */
export interface Sites {
  /** Makes `default`, and on the very first start `demo`; says whether it made the demo now. */
  ensureFirst(): Promise<{ madeDemo: boolean }>;
  list(): Promise<Site[]>;
  /** @throws AppError `not-found`. */
  get(siteId: string): Promise<Site>;
  /** @throws AppError `conflict` where the id is taken. */
  create(site: { id: string; name: string }): Promise<Site>;
  /** @throws AppError `not-found`; `invalid-request` for an allowed origin that is none. */
  update(siteId: string, change: SiteChange): Promise<Site>;
  /** Deletes the site and all it holds. @throws AppError `not-found`, `conflict` for `default`. */
  remove(siteId: string): Promise<void>;
}

function toView(record: SiteRecord): Site {
  return {
    id: record.id,
    name: record.name,
    settings: record.settings,
    createdAt: record.createdAt.toISOString(),
  };
}

function missing(siteId: string): AppError {
  return new AppError('not-found', `There is no site "${siteId}".`, {
    fix: 'List the sites with GET /api/v1/sites, or create this one with POST /api/v1/sites.',
  });
}

function applyChange(settings: SiteSettings, change: SiteChange['settings']): SiteSettings {
  if (change === undefined) return settings;
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  const next = { ...settings, ...Object.fromEntries(given) };
  return { ...next, allowedOrigins: normalizeOrigins(next.allowedOrigins) };
}

/** @see Sites */
export function createSites({ db, clock, logger }: SitesDeps): Sites {
  const add = (id: string, name: string): Promise<boolean> =>
    insertSite(db, { id, name, settings: {}, createdAt: new Date(clock.now()) });

  const get = async (siteId: string): Promise<Site> => {
    const record = await findSite(db, siteId);
    if (record === null) throw missing(siteId);
    return toView(record);
  };

  return {
    async ensureFirst() {
      const isFirstStart = (await listSites(db)).length === 0;
      await add(defaultSiteId, 'My site');
      const madeDemo = isFirstStart && (await add(demoSiteId, 'Fernhill Outdoors'));
      return { madeDemo };
    },

    async list() {
      return (await listSites(db)).map(toView);
    },

    get,

    async create({ id, name }) {
      if (!(await add(id, name))) {
        throw new AppError('conflict', `There is already a site "${id}".`, { fix: 'Choose another id.' });
      }
      logger.info('site-created', { siteId: id });
      return get(id);
    },

    async update(siteId, change) {
      return db.transaction(async (tx) => {
        const record = await lockSite(tx, siteId);
        if (record === null) throw missing(siteId);
        const next = {
          ...record,
          name: change.name ?? record.name,
          settings: applyChange(record.settings, change.settings),
        };
        await updateSite(tx, next);
        return toView(next);
      });
    },

    async remove(siteId) {
      if (siteId === defaultSiteId) {
        throw new AppError('conflict', 'The site "default" cannot be deleted.', {
          fix: 'Delete its sources instead, or rename it.',
        });
      }
      if (!(await deleteSite(db, siteId))) throw missing(siteId);
      logger.info('site-deleted', { siteId });
    },
  };
}
