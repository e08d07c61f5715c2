import { describe, expect, it, vi } from 'vitest';
import { prepareDemo } from './demo-source.ts';
import { silentLogger } from './testing/deps.ts';

function setUp({ madeDemo = false, siteIds = ['default', 'demo'], sourceUrls = [''] }) {
  const list = sourceUrls
    .filter((url) => url !== '')
    .map((url, index) => ({
      id: `source-${index}`,
      siteId: 'demo',
      type: 'website' as const,
      name: 'Demo shop',
      url,
      state: 'done' as const,
      reason: null,
      counts: { total: 1 },
      createdAt: '2026-01-01T00:00:00.000Z',
      startedAt: null,
      finishedAt: null,
    }));
  const sources = {
    list: async () => list,
    createWebsite: vi.fn(async () => 'new'),
    remove: vi.fn(async () => {}),
  };
  const sites = {
    ensureFirst: async () => ({ madeDemo }),
    list: async () => siteIds.map((id) => ({ id })),
  };
  return { deps: { sites, sources, logger: silentLogger }, sources };
}

const here = { ownUrl: 'http://localhost:3000', isFixed: true };
const ours = expect.objectContaining({ url: 'http://localhost:3000/demo/' });

describe('prepareDemo', () => {
  it('has the demo crawled at the very first start', async () => {
    const { deps, sources } = setUp({ madeDemo: true });
    await prepareDemo(deps, here);
    expect(sources.createWebsite).toHaveBeenCalledWith('demo', ours);
  });

  it('does nothing at later starts on the same address', async () => {
    const { deps, sources } = setUp({ sourceUrls: ['http://localhost:3000/demo/'] });
    await prepareDemo(deps, here);
    expect(sources.createWebsite).not.toHaveBeenCalled();
  });

  it('makes the source anew when the server has moved, and leaves other sources alone', async () => {
    const { deps, sources } = setUp({
      sourceUrls: ['http://localhost:4000/demo/', 'https://example.com/help'],
    });
    await prepareDemo(deps, here);
    expect(sources.remove.mock.calls).toEqual([['demo', 'source-0']]);
    expect(sources.createWebsite).toHaveBeenCalledWith('demo', ours);
  });

  it('moves nothing for a server on a port of the moment', async () => {
    const { deps, sources } = setUp({ sourceUrls: ['http://localhost:4000/demo/'] });
    await prepareDemo(deps, { ...here, isFixed: false });
    expect(sources.remove).not.toHaveBeenCalled();
  });

  it('leaves a demo deleted that its owner deleted', async () => {
    const withoutSource = setUp({});
    await prepareDemo(withoutSource.deps, here);
    const withoutSite = setUp({ siteIds: ['default'], sourceUrls: ['http://localhost:4000/demo/'] });
    await prepareDemo(withoutSite.deps, here);
    expect(withoutSource.sources.createWebsite).not.toHaveBeenCalled();
    expect(withoutSite.sources.createWebsite).not.toHaveBeenCalled();
  });
});
