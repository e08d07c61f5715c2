export interface ServerSentEvent {
  event: string;
  data: string;
}

const parseBlock = (block: string): ServerSentEvent | null => {
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
  }
  return data.length === 0 ? null : { event, data: data.join('\n') };
};

/**
 * Reads `text/event-stream` (WHATWG HTML, 9.2.6) as it arrives, whatever the chunks' borders. An event that
 * the stream's end cuts off is not given.
 */
export async function* readEventStream(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    // A final \r may be the first half of \r\n: it waits for the next chunk.
    const isSplit = rest.endsWith('\r');
    const text = (isSplit ? rest.slice(0, -1) : rest).replace(/\r\n?/g, '\n');
    const blocks = text.split('\n\n');
    rest = (blocks.pop() ?? '') + (isSplit ? '\r' : '');
    for (const block of blocks) {
      const event = parseBlock(block);
      if (event !== null) yield event;
    }
  }
}
