import { describe, expect, it } from 'vitest';
import { createMemoryStorage } from '../testing/memory-storage.ts';
import { fakeSummary, fakeUuid } from '../testing/summary.ts';
import { Alerts, type AlertOutlets } from './alerts.svelte.ts';

const me = fakeUuid(900);
const create = (given: Partial<AlertOutlets> = {}) => {
  const heard: string[] = [];
  const alerts = new Alerts(
    {
      storage: createMemoryStorage(),
      isWatching: () => false,
      playSound: (kind) => heard.push(`sound ${kind}`),
      permission: () => 'granted',
      requestPermission: async () => 'granted',
      showNotification: (title) => heard.push(`note ${title}`),
      ...given,
    },
    () => {},
  );
  return { alerts, heard };
};
const calm = fakeSummary(1);
const waiting = fakeSummary(1, { state: 'waiting', waitingSince: '2026-03-10T11:03:00.000Z', lastSeq: 5 });
const mine = fakeSummary(2, { state: 'human', agentId: me });

describe('Alerts', () => {
  it('is silent about what was there before, and calls once for who begins to wait', async () => {
    const { alerts, heard } = create();
    await alerts.setDesktop(true);
    alerts.take([waiting], me, null);
    expect(heard).toEqual([]);
    alerts.take([calm], me, null);
    alerts.take([waiting], me, null);
    alerts.take([{ ...waiting, lastSeq: 6 }], me, null);
    expect(heard).toEqual(['sound waiting', 'note Visitor 1 is waiting for a person']);
  });

  it('has another sound for a message in an own conversation, and none while it is being read', () => {
    let isWatching = false;
    const { alerts, heard } = create({ isWatching: () => isWatching });
    const next = (seq: number) => ({ ...mine, lastSeq: seq, preview: `Message ${seq}` });
    alerts.take([mine], me, null);
    alerts.take([next(5)], me, null);
    isWatching = true;
    alerts.take([next(6)], me, mine.conversationId);
    alerts.take([{ ...next(7), previewRole: 'agent' }], me, null);
    expect(heard).toEqual(['sound message']);
  });

  it('remembers the choice of silence and says when the browser blocks notifications', async () => {
    const storage = createMemoryStorage();
    const first = create({ storage, requestPermission: async () => 'denied' });
    first.alerts.setSound(false);
    await first.alerts.setDesktop(true);
    expect(first.alerts.isBlocked).toBe(true);
    expect(first.alerts.hasDesktop).toBe(false);
    expect(create({ storage }).alerts.hasSound).toBe(false);
  });
});
