import { describe, expect, it } from 'vitest';
import { createMemoryStorage } from '../testing/memory-storage.ts';
import { createScriptedApi } from '../testing/scripted-api.ts';
import { Sites } from './sites.svelte.ts';

const site = (id: string, name = id) => ({ id, name, settings: {}, createdAt: '2026-03-10T11:00:00.000Z' });

describe('Sites', () => {
  it('looks at the site chosen last, also after a reload, and at the first one when it is gone', async () => {
    const storage = createMemoryStorage();
    const api = createScriptedApi();
    api.answer('/sites', [site('default'), site('demo')]);
    const sites = new Sites(api, storage);
    await sites.list.reload();
    expect(sites.current?.id).toBe('default');
    sites.choose('demo');
    const again = new Sites(api, storage);
    await again.list.reload();
    expect(again.current?.id).toBe('demo');
    api.answer('/sites/demo', null, {});
    await again.remove('demo');
    expect(again.current?.id).toBe('default');
  });

  it('shows at once what was changed or made', async () => {
    const api = createScriptedApi();
    api.answer('/sites', [site('default')]);
    const sites = new Sites(api, createMemoryStorage());
    await sites.list.reload();
    api.answer('/sites/default', site('default', 'New name'));
    await sites.update('default', { name: 'New name' });
    expect(sites.current?.name).toBe('New name');
    api.answer('/sites', site('shop', 'Shop'));
    await sites.create('shop', 'Shop');
    expect(sites.current?.id).toBe('shop');
    expect(api.calls).toContain('PATCH /sites/default {"name":"New name"}');
  });
});
