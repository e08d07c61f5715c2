type Handler = (payload: string) => void;

/** Who hears which notification channel. */
export interface Channels {
  names(): string[];
  deliver(channel: string, payload: string): void;
  /** Adds a handler; the returned function removes it and tells whether it was the channel's last. */
  add(channel: string, handler: Handler): () => boolean;
}

/** An empty set of channels. The same handler may be added twice and then hears everything twice. */
export function createChannels(): Channels {
  const entries = new Map<string, Set<{ handler: Handler }>>();
  return {
    names: () => [...entries.keys()],
    deliver(channel, payload) {
      for (const { handler } of [...(entries.get(channel) ?? [])]) handler(payload);
    },
    add(channel, handler) {
      const entry = { handler };
      const set = entries.get(channel) ?? new Set();
      entries.set(channel, set.add(entry));
      return () => {
        if (!set.delete(entry) || set.size > 0) return false;
        return entries.delete(channel);
      };
    },
  };
}
