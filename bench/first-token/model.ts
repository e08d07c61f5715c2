import { z } from 'zod';
import { createModelServer } from '../../server/testing/model-server.ts';

/** The scripted model in a process of its own: every answer begins after the same pause and goes on at one pace. */
const { DELAY_MS, TOKENS, TOKEN_MS } = z
  .object({ DELAY_MS: z.coerce.number(), TOKENS: z.coerce.number(), TOKEN_MS: z.coerce.number() })
  .parse(process.env);

const words = 'Standard shipping takes some working days and returns are free for you .'.split(' ');
const tokens = Array.from({ length: TOKENS }, (_, index) => `${words[index % words.length] ?? 'word'} `);
const server = await createModelServer({
  reply: () => ({
    // in one piece with the first word: what the model takes for its verdict is its own time
    tokens: [`ANSWER: FULL\n${tokens[0] ?? ''}`, ...tokens.slice(1)],
    headersDelayMs: DELAY_MS,
    tokenDelayMs: TOKEN_MS,
  }),
});
process.send?.({ url: server.url });
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
