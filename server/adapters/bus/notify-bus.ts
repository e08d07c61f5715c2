import type { Bus, Database, Logger } from '../../ports.ts';
import { createSubscriptions, encodeMessage } from './envelope.ts';

/** One notification channel carries everything: a LISTEN per conversation would be a statement per visitor. */
const notifyChannel = 'deskbell_bus';

/** The `Bus` port on LISTEN/NOTIFY of the database that is there anyway. */
export function createNotifyBus(db: Database, logger: Logger): Bus {
  const subscriptions = createSubscriptions(logger);
  let listening: Promise<() => Promise<void>> | null = null;

  async function listen(): Promise<void> {
    listening ??= db.listen(notifyChannel, subscriptions.deliver);
    try {
      await listening;
    } catch (error) {
      listening = null;
      throw error;
    }
  }

  return {
    async publish(channel, message) {
      await db.execute('select pg_notify($1, $2)', [notifyChannel, encodeMessage(channel, message)]);
    },
    async subscribe(channel, handler) {
      await listen();
      const remove = subscriptions.add(channel, handler);
      return async () => remove();
    },
    async close() {
      const stop = await listening?.catch(() => null);
      listening = null;
      await stop?.();
    },
  };
}
