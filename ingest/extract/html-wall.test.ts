import { describe, expect, it } from 'vitest';
import { extractHtml } from './html.ts';

const page = (title: string, body: string) =>
  `<html><head><title>${title}</title></head><body><main>${body}</main></body></html>`;
const wallOf = (html: string) => extractHtml(html, null).wall;
const filler = 'Our help desk looks into it on the same day and tells you what to do next. ';

describe('what stands in front of the content', () => {
  it.each([
    ['Page not found | Shop', '<p>Sorry.</p>'],
    ['404', '<p>Nothing is here.</p>'],
    ['Shop', '<h1>404 - Not Found</h1>'],
    ['Error 500: Internal Server Error', '<p>Try again.</p>'],
    ['Seite nicht gefunden – Laden', '<p>Leider gibt es diese Seite nicht.</p>'],
    ['Laden', '<h1>Page introuvable</h1>'],
    ['Siden blev ikke fundet', '<p>Prøv forsiden.</p>'],
    ['ページが見つかりません', '<p>トップページへ</p>'],
  ])('takes "%s" for an error notice', (title, body) => {
    expect(wallOf(page(title, body))).toBe('error');
  });

  it.each([
    ['an article about the notice', page('Page not found', `<p>${filler.repeat(6)}</p>`)],
    ['a price that is a status', page('404 boots in stock', '<p>Sizes 36 to 48.</p>')],
    ['a question about it', page('Why do I see "page not found"?', `<p>${filler}</p>`)],
    ['an ordinary page', page('Returns', `<p>${filler}</p>`)],
  ])('takes %s for a page', (_name, html) => {
    expect(wallOf(html)).toBeNull();
  });

  it('tells a login form and a bot check, but not beside a text of some length', () => {
    const form = '<form><input type="password"></form>';
    expect(wallOf(page('Sign in', form))).toBe('login');
    expect(wallOf(page('Just a moment...', '<p>Checking your browser</p>'))).toBe('challenge');
    expect(wallOf(page('Sign in', `${form}<p>${filler.repeat(12)}</p>`))).toBeNull();
  });
});
