import type { Live } from '../../services/live.ts';
import type { FeedRequest, LogFeed } from '../../services/log-feed.ts';
import type { Peer } from './peer.ts';

/** The conversations that one connection follows; a further one beyond `limit` replaces the oldest. */
export function createFeeds(live: Pick<Live, 'feed'>, peer: Peer, limit: number) {
  const feeds = new Map<string, LogFeed>();

  function close(conversationId: string): void {
    feeds.get(conversationId)?.stop();
    feeds.delete(conversationId);
  }

  return {
    /** @throws AppError `not-found`, `unavailable`. */
    async open(request: FeedRequest): Promise<void> {
      close(request.conversationId);
      const oldest = feeds.keys().next().value;
      if (feeds.size >= limit && oldest !== undefined) close(oldest);
      const feed = live.feed(request, peer);
      feeds.set(request.conversationId, feed);
      try {
        await feed.start();
      } catch (error) {
        if (feeds.get(request.conversationId) === feed) feeds.delete(request.conversationId);
        throw error;
      }
    },
    close,
    has: (conversationId: string) => feeds.has(conversationId),
    closeAll(): void {
      for (const conversationId of [...feeds.keys()]) close(conversationId);
    },
  };
}
export type Feeds = ReturnType<typeof createFeeds>;
