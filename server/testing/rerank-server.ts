import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const requestSchema = z.object({
  query: z.string(),
  documents: z.array(z.string()).optional(),
  texts: z.array(z.string()).optional(),
});
export type RerankRequest = z.infer<typeof requestSchema> & {
  path: string;
  authorization: string | undefined;
};

/** A reranker on a loopback port that answers by script. */
export interface RerankServer {
  url: string;
  requests: RerankRequest[];
  close(): Promise<void>;
}

/** Starts it; `answer` writes the response to each request, or leaves it hanging. */
export async function startRerankServer(
  answer: (request: RerankRequest, response: ServerResponse) => void,
): Promise<RerankServer> {
  const requests: RerankRequest[] = [];
  const take = async (incoming: IncomingMessage, response: ServerResponse) => {
    const body = requestSchema.parse(JSON.parse(await text(incoming)));
    const request = { ...body, path: incoming.url ?? '', authorization: incoming.headers.authorization };
    requests.push(request);
    answer(request, response);
  };
  const server = createServer((incoming, response) => {
    take(incoming, response).catch((error: unknown) =>
      response.destroy(error instanceof Error ? error : undefined),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = z.object({ port: z.number() }).parse(server.address());
  return {
    url: `http://127.0.0.1:${String(address.port)}`,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Scores in the common form; the texts are the request's, in order. */
export function scoreTexts(score: (text: string) => number) {
  return (request: RerankRequest, response: ServerResponse): void => {
    const texts = request.documents ?? request.texts ?? [];
    const results = texts.map((each, index) => ({ index, relevance_score: score(each) }));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ results: results.reverse() }));
  };
}
