import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readSitemap } from './sitemap.ts';

const url = 'https://shop.example/sitemap.xml';
const read = (text: string) => readSitemap(Buffer.from(text), url);

describe('readSitemap', () => {
  it('reads pages, and not the images among them', () => {
    const found =
      read(`<?xml version="1.0"?><urlset xmlns="x" xmlns:image="y"><url><loc> https://shop.example/a?b=1&amp;c=2 </loc>
      <image:image><image:loc>https://shop.example/i.png</image:loc></image:image></url><url><loc><![CDATA[/b]]></loc></url></urlset>`);
    expect(found).toEqual({
      pages: ['https://shop.example/a?b=1&c=2', 'https://shop.example/b'],
      sitemaps: [],
    });
  });

  it('reads an index, namespaced', () => {
    const found = read(
      '<s:sitemapindex><s:sitemap><s:loc>https://shop.example/1.xml</s:loc></s:sitemap></s:sitemapindex>',
    );
    expect(found.sitemaps).toEqual(['https://shop.example/1.xml']);
  });

  it('reads gzip, feeds and plain lists', () => {
    const packed = gzipSync('<urlset><url><loc>https://shop.example/z</loc></url></urlset>');
    expect(readSitemap(packed, url).pages).toEqual(['https://shop.example/z']);
    expect(
      read('<rss><channel><item><link>https://shop.example/r</link></item></channel></rss>').pages,
    ).toHaveLength(1);
    expect(read('<feed><entry><link href="/atom"/></entry></feed>').pages).toEqual([
      'https://shop.example/atom',
    ]);
    expect(read('https://shop.example/1\nhttps://shop.example/2\n').pages).toHaveLength(2);
  });

  it('gives what could be read of broken XML', () => {
    expect(read('<urlset><url><loc>https://shop.example/a</loc></url><url><loc>https://sh').pages).toEqual([
      'https://shop.example/a',
      'https://sh/',
    ]);
  });

  it('refuses to inflate without end', () => {
    expect(() => readSitemap(gzipSync(Buffer.alloc(60_000_000)), url)).toThrow(RangeError);
  });
});
