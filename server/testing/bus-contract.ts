import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Bus } from '../ports.ts';

/** What every `Bus` adapter must do; `create` makes another instance on the same wire. */
export function describeBusContract(name: string, create: () => Promise<Bus>): void {
  describe(`Bus contract: ${name}`, () => {
    const opened: Bus[] = [];
    const open = async () => {
      const bus = await create();
      opened.push(bus);
      return bus;
    };
    afterEach(async () => {
      for (const bus of opened.splice(0)) await bus.close();
    });

    it('delivers to every instance, the publishing one included, in order', async () => {
      const [first, second] = [await open(), await open()];
      const heard: Record<string, unknown[]> = { first: [], second: [] };
      await first.subscribe('conversation:1', (message) => heard['first']?.push(message));
      await second.subscribe('conversation:1', (message) => heard['second']?.push(message));
      for (let sequence = 1; sequence <= 5; sequence += 1)
        await first.publish('conversation:1', { sequence });
      const expected = [1, 2, 3, 4, 5].map((sequence) => ({ sequence }));
      await vi.waitFor(() => expect(heard).toEqual({ first: expected, second: expected }), 3000);
    });

    it('keeps channels apart', async () => {
      const bus = await open();
      const heard: unknown[] = [];
      await bus.subscribe('agents', (message) => heard.push(message));
      await bus.publish('visitors', 'not this');
      await bus.publish('agents', null);
      await vi.waitFor(() => expect(heard).toEqual([null]), 3000);
    });

    it('stops one handler without stopping another', async () => {
      const bus = await open();
      const gone: unknown[] = [];
      const kept: unknown[] = [];
      const stop = await bus.subscribe('agents', (message) => gone.push(message));
      await bus.subscribe('agents', (message) => kept.push(message));
      await stop();
      await bus.publish('agents', 1);
      await vi.waitFor(() => expect(kept).toEqual([1]), 3000);
      expect(gone).toEqual([]);
    });

    it('survives a handler that throws', async () => {
      const bus = await open();
      const heard: unknown[] = [];
      await bus.subscribe('agents', () => {
        throw new Error('on purpose');
      });
      await bus.subscribe('agents', (message) => heard.push(message));
      await bus.publish('agents', 'still');
      await vi.waitFor(() => expect(heard).toEqual(['still']), 3000);
    });

    it('refuses a message that NOTIFY could not carry', async () => {
      const bus = await open();
      await expect(bus.publish('agents', 'ä'.repeat(3600))).rejects.toMatchObject({ code: 'too-large' });
      await bus.publish('agents', 'a'.repeat(6900));
    });
  });
}
