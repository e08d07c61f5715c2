import type { Logger } from './ports.ts';
import { type Source, websiteSourceSchema } from './protocol/http-knowledge.ts';
import { demoSiteId, type Sites } from './services/sites.ts';
import type { Sources } from './services/sources.ts';

type DemoCandidate = Pick<Source, 'id' | 'type' | 'url'>;

export interface DemoSourceDeps {
  sites: Pick<Sites, 'ensureFirst'> & { list(): Promise<readonly { id: string }[]> };
  sources: Pick<Sources, 'createWebsite' | 'remove'> & {
    list(siteId: string): Promise<readonly DemoCandidate[]>;
  };
  logger: Logger;
}

export interface OwnAddress {
  /** Without a trailing slash. */
  ownUrl: string;
  /** False for a server on a port of the moment, as the command line starts: it moves no demo. */
  isFixed: boolean;
}

/**
 * Makes the first sites, and has the demo shop crawled from this very server. When the server has moved to
 * another address since, the source is made anew, so that citations lead somewhere. A demo that its owner
 * deleted stays deleted.
 */
export async function prepareDemo(deps: DemoSourceDeps, { ownUrl, isFixed }: OwnAddress): Promise<void> {
  const { sites, sources, logger } = deps;
  const { madeDemo } = await sites.ensureFirst();
  const url = `${ownUrl}/demo/`;
  const create = async () => {
    const sourceId = await sources.createWebsite(
      demoSiteId,
      // Our own server needs no pauses.
      websiteSourceSchema.parse({
        type: 'website',
        url,
        name: 'Demo shop',
        include: ['/demo/**'],
        delayMs: 0,
      }),
    );
    logger.info('demo-source-created', { sourceId });
  };
  if (madeDemo) return create();
  if (!isFixed) return;
  if (!(await sites.list()).some(({ id }) => id === demoSiteId)) return;
  const moved = (await sources.list(demoSiteId)).filter(
    (source) => source.type === 'website' && source.url !== null && source.url !== url && isDemo(source.url),
  );
  for (const source of moved) await sources.remove(demoSiteId, source.id);
  if (moved.length > 0) await create();
}

function isDemo(url: string): boolean {
  return new URL(url).pathname === '/demo/';
}
