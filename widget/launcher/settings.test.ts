import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.ts';

const host = { origin: 'https://shop.example', language: 'de' };
const read = (dataset: Record<string, string>, src = 'https://chat.example/widget.js') =>
  readSettings({ src, dataset }, host);

describe('readSettings', () => {
  it('needs only the site', () => {
    expect(read({ site: 'default' })).toEqual({
      site: 'default',
      origin: 'https://chat.example',
      frameUrl: 'https://chat.example/widget/frame?site=default&host=https%3A%2F%2Fshop.example&lang=de',
      position: 'bottom-right',
      colour: '#1f6f5c',
      opensAtStart: false,
    });
  });

  it('takes position, colour and open', () => {
    const settings = read({ site: 'a', position: 'top-left', color: '#AA0000', open: 'true' });
    expect(settings).toMatchObject({ position: 'top-left', colour: '#AA0000', opensAtStart: true });
  });

  it('falls back on values it does not know', () => {
    const settings = read({ site: 'a', position: 'middle', color: 'red;} body{display:none', open: 'no' });
    expect(settings).toMatchObject({ position: 'bottom-right', colour: '#1f6f5c', opensAtStart: false });
  });

  it('reads the site from the address where a tag manager drops attributes', () => {
    expect(read({}, 'https://chat.example/help/widget.js?site=b')).toMatchObject({
      site: 'b',
      frameUrl: expect.stringContaining('https://chat.example/help/widget/frame?site=b'),
    });
  });

  it('encodes the site and refuses a tag without one', () => {
    expect(read({ site: 'a&host=https://evil.example' })?.frameUrl).toContain('site=a%26host%3D');
    expect(read({})).toBeNull();
    expect(read({ site: 'a' }, '')).toBeNull();
  });
});
