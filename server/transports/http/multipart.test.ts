import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readMultipart } from './multipart.ts';

const headers = { 'content-type': 'multipart/form-data; boundary=cut' };

function part(name: string, text: string, type = 'text/plain'): string {
  return `--cut\r\nContent-Disposition: form-data; name="files"; filename="${name}"\r\nContent-Type: ${type}\r\n\r\n${text}\r\n`;
}

async function readAll(body: Readable, from = headers) {
  const files = [];
  for await (const { name, mediaType, content } of readMultipart(from, body)) {
    const chunks = [];
    for await (const chunk of content) chunks.push(chunk);
    files.push({ name, mediaType, text: Buffer.concat(chunks).toString() });
  }
  return files;
}

describe('J1: a multipart body', () => {
  it('gives its files in order, with folders in their names, however it is cut into chunks', async () => {
    const body = `${part('a.txt', 'one')}--cut\r\nContent-Disposition: form-data; name="note"\r\n\r\nignored\r\n${part('deep/b.md', '# two', 'text/markdown')}--cut--\r\n`;
    const expected = [
      { name: 'a.txt', mediaType: 'text/plain', text: 'one' },
      { name: 'deep/b.md', mediaType: 'text/markdown', text: '# two' },
    ];
    for (const size of [1, 7, 10_000]) {
      const chunks = body.match(new RegExp(`[\\s\\S]{1,${size}}`, 'g')) ?? [];
      expect(await readAll(Readable.from(chunks.map((chunk) => Buffer.from(chunk))))).toEqual(expected);
    }
  });

  it('gives no file before the one before it is read: the sender waits', async () => {
    let sent = 0;
    async function* sender() {
      for (let count = 0; count < 50; count += 1) {
        sent += 1;
        yield Buffer.from(part(`${count}.txt`, 'x'.repeat(100_000)));
      }
      yield Buffer.from('--cut--\r\n');
    }
    const files = readMultipart(headers, Readable.from(sender()));
    const first = await files.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toBeLessThan(40);
    if (first.done !== true) for await (const _chunk of first.value.content);
    await files.return(undefined);
  });

  it.each([
    ['ends without its last boundary', part('a.txt', 'one')],
    ['ends inside a file', part('a.txt', 'one').slice(0, -4)],
    ['is something else', 'hello'],
  ])('that %s is refused', async (_what, body) => {
    await expect(readAll(Readable.from([Buffer.from(body)]))).rejects.toMatchObject({
      code: 'invalid-request',
    });
  });

  it('without a boundary is refused', async () => {
    const attempt = readAll(Readable.from([]), { 'content-type': 'multipart/form-data' });
    await expect(attempt).rejects.toMatchObject({ code: 'invalid-request' });
  });

  it('whose sender went away before it was read ends with an error', async () => {
    const stream = new Readable({ read() {} });
    stream.destroy();
    await new Promise((resolve) => stream.once('close', resolve));
    await expect(readAll(stream)).rejects.toMatchObject({ code: 'invalid-request' });
  });

  it.each([
    [
      'in a part without a file name',
      part('', 'nobody reads this', 'application/octet-stream').slice(0, -10),
    ],
    ['in a file that waits for its turn', `${part('a.txt', 'one')}${part('b.txt', 'two').slice(0, -10)}`],
  ])('that breaks off %s ends with an error that somebody hears', async (_where, text) => {
    const unheard: unknown[] = [];
    const listen = (error: unknown) => unheard.push(error);
    process.on('uncaughtException', listen);
    const stream = new Readable({ read() {} });
    stream.push(Buffer.from(text));
    const files = readMultipart(headers, stream);
    const attempt = (async () => {
      for await (const { content } of files) {
        stream.destroy();
        await new Promise((resolve) => setImmediate(resolve));
        for await (const _chunk of content);
      }
    })();
    setImmediate(() => stream.destroy());
    await expect(attempt).rejects.toMatchObject({ code: 'invalid-request' });
    await new Promise((resolve) => setImmediate(resolve));
    process.off('uncaughtException', listen);
    expect(unheard).toEqual([]);
  });

  it('whose sender goes away ends with an error, inside a file and between two', async () => {
    for (const body of [part('a.txt', 'one').slice(0, -6), part('a.txt', 'one')]) {
      const stream = new Readable({ read() {} });
      stream.push(Buffer.from(body));
      const attempt = readAll(stream);
      setImmediate(() => stream.destroy());
      await expect(attempt).rejects.toMatchObject({ code: 'invalid-request' });
    }
  });
});
