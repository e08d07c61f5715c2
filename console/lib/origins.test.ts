import { describe, expect, it } from 'vitest';
import { readOrigins } from './origins.ts';

describe('readOrigins', () => {
  it('cuts addresses to their origins, once each', () => {
    expect(readOrigins(' https://shop.example/a?b \n\nhttps://SHOP.example\nhttp://localhost:8080/')).toEqual(
      {
        ok: true,
        origins: ['https://shop.example', 'http://localhost:8080'],
      },
    );
    expect(readOrigins('')).toEqual({ ok: true, origins: [] });
  });

  it.each(['shop.example', 'javascript:alert(1)', 'https://', "https://a.example; script-src 'none'"])(
    'names what is no address: %s',
    (line) => {
      expect(readOrigins(`https://shop.example\n${line}`)).toMatchObject({ ok: false });
    },
  );
});
