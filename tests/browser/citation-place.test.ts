import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { citationHref } from '../../server/protocol/citation-link.ts';
import { launchBrowser } from './harness.ts';

const filler = Array.from(
  { length: 60 },
  (_, at) => `<p>Paragraph ${String(at)} speaks of other things.</p>`,
).join('');
const place = 'Parcels to islands <b>take a week</b> because the ship goes on Mondays only.';
const article = `<!doctype html><title>Help</title><h1>Delivery</h1>${filler}<p id="place">${place}</p>${filler}
  <table><tr><td>Ferry</td><td id="cell">twice on holidays and never in a storm</td></tr></table>${filler}`;

let server: Server;
let browser: Browser;
let origin = '';

beforeAll(async () => {
  server = createServer((request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    const quote = new URL(request.url ?? '/', 'http://localhost').searchParams.get('quote');
    const href = quote === null ? null : citationHref({ url: `${origin}/article`, quote });
    response.end(
      href === null ? article : `<a target="_blank" rel="noopener noreferrer" href="${href}">Source</a>`,
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  origin = `http://127.0.0.1:${String(typeof address === 'object' ? address?.port : '')}`;
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
  server.close();
});

/** Follows a citation's link in a new tab, as visitors do, and waits until the element is in view there. */
async function opensAt(quote: string, id: string): Promise<boolean> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${origin}/?quote=${encodeURIComponent(quote)}`);
  const [opened] = await Promise.all([context.waitForEvent('page'), page.click('a')]);
  const isInView = await opened
    .waitForFunction((name) => {
      const box = document.getElementById(name)?.getBoundingClientRect();
      return box !== undefined && box.top >= 0 && box.bottom <= window.innerHeight && window.scrollY > 0;
    }, id)
    .then(
      () => true,
      () => false,
    );
  await context.close();
  return isInView;
}

describe('a citation opens at the place', () => {
  it('in a paragraph, over inline marks', async () => {
    expect(
      await opensAt('Parcels to islands take a week because the ship goes on Mondays only.', 'place'),
    ).toBe(true);
  });

  it('in the cell of a table', async () => {
    expect(await opensAt('| Ferry | twice on holidays and never in a storm |', 'cell')).toBe(true);
  });
});
