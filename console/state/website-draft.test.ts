import { expect, it } from 'vitest';
import { websiteSettingsSchema } from '../../server/protocol/http-knowledge.ts';
import { completeAddress, toLines } from '../lib/addresses.ts';
import { WebsiteDraft } from './website-draft.svelte.ts';

it('begins with what the server takes when nothing is said', () => {
  expect(new WebsiteDraft().settings).toEqual(websiteSettingsSchema.parse({}));
});

it('comes back as it was', () => {
  const settings = {
    maxPages: 50,
    maxDepth: 3,
    include: ['/help/**', '/faq'],
    exclude: ['/help/old/**'],
    delayMs: 1500,
    concurrency: 2,
  };
  expect(new WebsiteDraft(settings).settings).toEqual(settings);
});

it('takes lines and addresses as people type them', () => {
  expect(toLines(' /a , /b\n\n/c\n')).toEqual(['/a', '/b', '/c']);
  expect(completeAddress(' shop.example/help ')).toBe('https://shop.example/help');
  expect(completeAddress('http://shop.example')).toBe('http://shop.example');
  expect(completeAddress('ftp://shop.example')).toBe('ftp://shop.example');
});
