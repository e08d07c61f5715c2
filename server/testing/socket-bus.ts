import type { Bus } from '../ports.ts';

/** Several instances' buses over one wire in memory; the wire can be made to lose messages. */
export interface TestWire {
  bus(): Bus;
  /** True loses this message. */
  lose: (channel: string, message: unknown) => boolean;
}

export function createTestWire(): TestWire {
  const handlers = new Set<{ channel: string; handle: (message: unknown) => void }>();
  const wire: TestWire = { bus, lose: () => false };

  function bus(): Bus {
    const own = new Set<{ channel: string; handle: (message: unknown) => void }>();
    return {
      async publish(channel, message) {
        if (wire.lose(channel, message)) return;
        const text = JSON.stringify(message);
        if (Buffer.byteLength(text) > 7_000) throw new Error('This message is too large for the bus.');
        queueMicrotask(() => {
          for (const entry of [...handlers]) if (entry.channel === channel) entry.handle(JSON.parse(text));
        });
      },
      async subscribe(channel, handle) {
        const entry = { channel, handle };
        handlers.add(entry);
        own.add(entry);
        return async () => {
          handlers.delete(entry);
          own.delete(entry);
        };
      },
      async close() {
        for (const entry of own) handlers.delete(entry);
      },
    };
  }

  return wire;
}
