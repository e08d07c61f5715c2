import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../ports.ts';
import { createTestDatabase } from '../testing/database.ts';
import { fakeClock, silentLogger } from '../testing/deps.ts';
import { createSites, type Sites } from './sites.ts';
import { normalizeOrigin } from './sites-origins.ts';

let db: Database;
let sites: Sites;

beforeAll(async () => {
  db = await createTestDatabase();
  sites = createSites({ db, clock: fakeClock(), logger: silentLogger });
});
afterAll(() => db.close());

describe('the first start', () => {
  it('makes default and demo; a demo that was deleted stays deleted', async () => {
    expect(await sites.ensureFirst()).toEqual({ madeDemo: true });
    expect((await sites.list()).map(({ id }) => id).sort()).toEqual(['default', 'demo']);
    expect(await sites.ensureFirst()).toEqual({ madeDemo: false });
    await sites.remove('demo');
    expect(await sites.ensureFirst()).toEqual({ madeDemo: false });
    expect((await sites.list()).map(({ id }) => id)).toEqual(['default']);
  });
});

describe('settings', () => {
  it('have defaults, and a change leaves the others as they are', async () => {
    await sites.create({ id: 'shop', name: 'Shop' });
    await sites.update('shop', { settings: { greeting: 'Hello.' } });
    await sites.update('shop', { settings: { handoffThreshold: 0.8 } });
    const { name, settings } = await sites.update('shop', { name: 'Our shop' });
    expect(name).toBe('Our shop');
    expect(settings).toMatchObject({ greeting: 'Hello.', handoffThreshold: 0.8, accentColor: '#1f6f5c' });
  });

  it('changed by several at once all count', async () => {
    await sites.create({ id: 'busy', name: 'Busy' });
    const changes = [
      { greeting: 'Good day.' },
      { instructions: 'Be short.' },
      { handoffNotice: 'Soon.' },
      { accentColor: '#102030' },
      { handoffThreshold: 0.9 },
    ];
    await Promise.all(changes.map((settings) => sites.update('busy', { settings })));
    expect((await sites.get('busy')).settings).toMatchObject(Object.assign({}, ...changes));
  });

  it('keep allowed origins in their normal form, and refuse what is none', async () => {
    await sites.create({ id: 'framed', name: 'Framed' });
    const allowedOrigins = ['https://Shop.example/', 'https://shop.example', 'https://*.shop.example:8443'];
    const { settings } = await sites.update('framed', { settings: { allowedOrigins } });
    expect(settings.allowedOrigins).toEqual(['https://shop.example', 'https://*.shop.example:8443']);
    const attempt = sites.update('framed', {
      settings: { allowedOrigins: ['https://a.example; script-src *'] },
    });
    await expect(attempt).rejects.toMatchObject({
      code: 'invalid-request',
      details: { errors: [{ path: 'body.settings.allowedOrigins.0' }] },
    });
  });
});

describe('an origin', () => {
  it.each([
    '*',
    'shop.example',
    'https://',
    'https://shop.example/help',
    'https://shop.example?x',
    'https://user@shop.example',
    'https://shop.example https://evil.example',
    'https://shop.example\nx-header: 1',
    "https://shop.example;script-src 'unsafe-inline'",
    'https://*.*.example',
    'https://*',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://shop.example:99999',
    "'none'",
  ])('is not %j', (text) => {
    expect(normalizeOrigin(text)).toBeNull();
  });
});
