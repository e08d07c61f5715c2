import { describe, expect, it } from 'vitest';
import { readEventStream } from './event-stream.ts';

const read = async (text: string, chunkSize: number) => {
  const bytes = new TextEncoder().encode(text);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += chunkSize)
        controller.enqueue(bytes.slice(at, at + chunkSize));
      controller.close();
    },
  });
  const events = [];
  for await (const event of readEventStream(body)) events.push(event);
  return events;
};

describe('readEventStream', () => {
  const text =
    ': hello\r\n\r\nevent: delta\r\ndata: {"text":"Grüße"}\r\n\r\ndata: one\ndata: two\n\nevent: cut\ndata: x';

  it.each([1, 2, 3, 7, 1000])('gives the same events in chunks of %i bytes', async (size) => {
    expect(await read(text, size)).toEqual([
      { event: 'delta', data: '{"text":"Grüße"}' },
      { event: 'message', data: 'one\ntwo' },
    ]);
  });
});
