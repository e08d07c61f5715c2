import { describe, expect, it } from 'vitest';
import { siteIdSchema } from '../../server/protocol/entities.ts';
import { toSlug } from './slug.ts';

describe('toSlug', () => {
  it.each([
    ['Fernhill Outdoors', 'fernhill-outdoors'],
    ['  Café  Größe! ', 'cafe-gro-e'],
    ['a'.repeat(62) + ' b', 'a'.repeat(62)],
  ])('makes an allowed id of %s', (name, slug) => {
    expect(toSlug(name)).toBe(slug);
    expect(siteIdSchema.safeParse(slug).success).toBe(true);
  });

  it('gives nothing where no letter is left', () => {
    expect(toSlug('日本')).toBe('');
  });
});
