import { describe, expect, it } from 'vitest';
import { canonicalUrl, createScopeCheck, hasUnreadableName } from './url.ts';

describe('canonicalUrl', () => {
  it.each([
    ['HTTP://Shop.Example:80/a#top', 'http://shop.example/a'],
    ['https://shop.example', 'https://shop.example/'],
    ['https://shop.example/a?utm_source=x&b=1&gclid=2', 'https://shop.example/a?b=1'],
    ['https://shop.example/a?utm_source=x', 'https://shop.example/a'],
    ['https://shop.example/a?', 'https://shop.example/a'],
    ['https://shop.example/a;jsessionid=12AB?b=1', 'https://shop.example/a?b=1'],
    ['https://shop.example/%7ejoe/%e4', 'https://shop.example/~joe/%E4'],
    ['https://shop.example//a///b', 'https://shop.example/a/b'],
    ['https://shop.example/a/../b/./c', 'https://shop.example/b/c'],
    ['https://user:pass@shop.example/', 'https://shop.example/'],
    ['mailto:help@shop.example', null],
    ['javascript:alert(1)', null],
    ['no address', null],
  ])('%s -> %s', (text, expected) => {
    expect(canonicalUrl(text)).toBe(expected);
  });

  it('is idempotent', () => {
    const once = canonicalUrl('https://shop.example//a%2fb?x=%20&utm_id=1') ?? '';
    expect(canonicalUrl(once)).toBe(once);
  });
});

describe('scope', () => {
  const check = createScopeCheck({
    origin: 'https://shop.example',
    include: ['/help/**', '/faq'],
    exclude: ['/help/*/print', '/help/old**'],
  });
  it.each([
    ['https://shop.example/help/a/b', 'in'],
    ['https://shop.example/faq', 'in'],
    ['https://shop.example/faq/1', 'excluded'],
    ['https://shop.example/help/a/print', 'excluded'],
    ['https://shop.example/help/old/1', 'excluded'],
    ['https://shop.example/help.x', 'excluded'],
    ['http://shop.example/help/a', 'other-site'],
    ['https://shop.example.evil.example/help/a', 'other-site'],
  ])('%s is %s', (url, place) => {
    expect(check(url)).toBe(place);
  });

  it('takes everything of the origin where no pattern is given', () => {
    const open = createScopeCheck({ origin: 'https://shop.example', include: [], exclude: [] });
    expect(open('https://shop.example/any')).toBe('in');
  });
});

it('knows names that hold no text', () => {
  expect(hasUnreadableName('https://a.example/logo.PNG?x=1')).toBe(true);
  expect(hasUnreadableName('https://a.example/guide.html')).toBe(false);
  expect(hasUnreadableName('https://a.example/v1.2/guide')).toBe(false);
});
