import { describe, expect, it } from 'vitest';
import { guessFormat } from './format.ts';

const utf16 = (text: string, mark: string) => Buffer.from(mark + text, 'utf16le');

describe('what a file is', () => {
  it.each([
    ['bytes before claims', Buffer.from('%PDF-1.7'), 'text/html', 'page.html', 'pdf'],
    ['the name of what is sent as plain text', Buffer.from('# Hello'), 'text/plain', 'readme.md', 'markdown'],
    ['HTML that is sent as plain text', Buffer.from('<!doctype html><p>Hi'), 'text/plain', 'x', 'html'],
    ['UTF-16 with a mark', utf16('Plain words.', '\ufeff'), null, 'a.txt', 'text'],
    ['UTF-16 without a mark', utf16('Plain words.', ''), null, 'a.txt', 'text'],
  ])('goes by %s', (_name, bytes, type, name, format) => {
    expect(guessFormat(bytes, type, name)).toEqual({ format });
  });

  it.each([
    ['nothing but zeros', Buffer.alloc(100), 'application/octet-stream', 'a', 'a binary file'],
    [
      'zeros among other bytes',
      Buffer.from([1, 2, 0, 4, 5, 6, 7, 8]),
      'text/plain',
      'a.txt',
      'a binary file',
    ],
    ['a picture by another name', Buffer.from('89504e470d0a', 'hex'), 'text/html', 'a.html', 'an image'],
    ['a type that holds no text', Buffer.from('body { }'), 'text/css', 'a', 'text/css'],
  ])('refuses %s, and says what it seems to be', (_name, bytes, type, name, seemsToBe) => {
    expect(guessFormat(bytes, type, name)).toEqual({ format: null, seemsToBe });
  });
});
