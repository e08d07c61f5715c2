import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import {
  scoreTexts,
  startRerankServer,
  type RerankRequest,
  type RerankServer,
} from '../../testing/rerank-server.ts';
import { createHttpReranker } from './http.ts';

let server: RerankServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function start(answer: (request: RerankRequest, response: ServerResponse) => void, timeoutMs = 60_000) {
  server = await startRerankServer(answer);
  const reranker = createHttpReranker({
    baseUrl: server.url,
    model: 'scripted',
    apiKey: 'secret',
    timeoutMs,
  });
  return { server, reranker };
}

const reply =
  (body: string, status = 200) =>
  (_request: RerankRequest, response: ServerResponse) => {
    response.statusCode = status;
    response.end(body);
  };

describe('a reranker', () => {
  it('gives the scores in the order of the texts, whatever order the server gave', async () => {
    const { reranker, server: own } = await start(scoreTexts((text) => text.length));
    expect(await reranker.rerank('q', ['aaa', 'a', 'aa'])).toEqual([3, 1, 2]);
    expect(own.requests[0]).toMatchObject({ path: '/rerank', authorization: 'Bearer secret', query: 'q' });
  });

  it('is asked in the other form where the server refuses the common one, and from then on', async () => {
    const { reranker, server: own } = await start((request, response) => {
      if (request.texts === undefined) reply('{"error":"missing field texts"}', 422)(request, response);
      else response.end(JSON.stringify(request.texts.map((text, index) => ({ index, score: text.length }))));
    });
    expect(await reranker.rerank('q', ['aa', 'a'])).toEqual([2, 1]);
    expect(await reranker.rerank('q', ['a'])).toEqual([1]);
    expect(own.requests.map((request) => request.texts !== undefined)).toEqual([false, true, true]);
  });

  it.each([
    ['no JSON', reply('<html>'), 'no list of scores'],
    ['other JSON', reply('{"results":[{"index":0}]}'), 'no list of scores'],
    ['too few scores', reply('{"results":[{"index":0,"relevance_score":1}]}'), '1 scores for 2 passages'],
    [
      'one text twice',
      reply('{"results":[{"index":0,"relevance_score":1},{"index":0,"relevance_score":2}]}'),
      '2 scores for 2 passages',
    ],
    ['numbers that are none', reply('[{"index":0,"score":null},{"index":1,"score":1}]'), 'no list of scores'],
    ['a refusal', reply('busy', 503), 'status 503'],
    ['a flood', reply('['.padEnd(2 * 1024 * 1024, ' ')), 'too long'],
    [
      'a broken connection',
      (_: RerankRequest, response: ServerResponse) => response.destroy(),
      'did not help',
    ],
    [
      'a redirect',
      (_: RerankRequest, response: ServerResponse) => {
        response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end();
      },
      'did not help',
    ],
  ])('that gives %s fails with the reason', async (_name, answer, why) => {
    const { reranker } = await start(answer);
    await expect(reranker.rerank('q', ['a', 'b'])).rejects.toMatchObject({
      code: 'model-unavailable',
      message: expect.stringContaining(why),
    });
  });

  it('that never answers fails in time, and a caller who leaves ends it', async () => {
    const { reranker } = await start(() => {}, 100);
    await expect(reranker.rerank('q', ['a'])).rejects.toThrow('no answer within 100 ms');
    const leaving = new AbortController();
    const asked = reranker.rerank('q', ['a'], leaving.signal);
    leaving.abort(new Error('left'));
    await expect(asked).rejects.toThrow('left');
  });
});
