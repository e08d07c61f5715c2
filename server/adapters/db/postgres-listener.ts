import pg from 'pg';
import { errorMessage } from '../../errors.ts';
import type { Logger } from '../../ports.ts';
import { type Channels, createChannels } from './channels.ts';
import { quoteIdentifier } from './sql-text.ts';

/** One connection that only listens, and comes back by itself after it was lost. */
export interface PostgresListener {
  listen(channel: string, handler: (payload: string) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

const firstRetryMs = 100;
const longestRetryMs = 5000;

/** Connects and listens to every channel; `lose` is called once, when the connection has ended. */
async function openClient(config: pg.ClientConfig, channels: Channels, lose: (reason: string) => void) {
  // A listening connection waits for as long as it takes; only its statements are short.
  const client = new pg.Client({ ...config, idle_in_transaction_session_timeout: 0 });
  let isLost = false;
  const loseOnce = (reason: string) => {
    if (isLost) return;
    isLost = true;
    void client.end().catch(() => {});
    lose(reason);
  };
  client.on('error', (error) => loseOnce(error.message));
  client.on('notification', ({ channel, payload }) => channels.deliver(channel, payload ?? ''));
  await client.connect();
  for (const channel of channels.names()) await client.query(`listen ${quoteIdentifier(channel)}`);
  client.on('end', () => loseOnce('connection ended'));
  return client;
}

/**
 * Keeps one dedicated connection for LISTEN. When it drops, it reconnects with growing pauses and listens to
 * every channel again; what was notified meanwhile is lost, which the port allows.
 */
export function createPostgresListener(config: pg.ClientConfig, logger: Logger): PostgresListener {
  const channels = createChannels();
  let connecting: Promise<pg.Client> | null = null;
  let retry: NodeJS.Timeout | null = null;
  let retryMs = firstRetryMs;
  let isClosed = false;

  function reconnectLater(reason: string): void {
    connecting = null;
    if (isClosed || retry !== null || channels.names().length === 0) return;
    logger.warn('database-listener-lost', { reason, retryMs });
    retry = setTimeout(() => {
      retry = null;
      connect().catch((error: unknown) => reconnectLater(errorMessage(error)));
    }, retryMs);
    retryMs = Math.min(retryMs * 2, longestRetryMs);
  }

  async function connect(): Promise<pg.Client> {
    connecting ??= openClient(config, channels, reconnectLater);
    const attempt = connecting;
    try {
      const client = await attempt;
      retryMs = firstRetryMs;
      return client;
    } catch (error) {
      if (connecting === attempt) connecting = null;
      throw error;
    }
  }

  return {
    async listen(channel, handler) {
      const remove = channels.add(channel, handler);
      try {
        await (await connect()).query(`listen ${quoteIdentifier(channel)}`);
      } catch (error) {
        remove();
        throw error;
      }
      return async () => {
        if (!remove() || isClosed) return;
        const client = await connecting?.catch(() => null);
        // A connection that breaks here has stopped listening too.
        await client?.query(`unlisten ${quoteIdentifier(channel)}`).catch(() => {});
      };
    },
    async close() {
      isClosed = true;
      if (retry !== null) clearTimeout(retry);
      const client = await connecting?.catch(() => null);
      await client?.end();
    },
  };
}
