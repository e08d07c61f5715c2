import { afterEach, describe, expect, it } from 'vitest';
import { createMemoryStorage } from '../testing/memory-storage.ts';
import { createScriptedAgent } from '../testing/scripted-agent.ts';
import { fakeSummary, fakeUuid } from '../testing/summary.ts';
import { fakeMessage, fakeThread } from '../testing/thread.ts';
import { Inbox } from './inbox.svelte.ts';

const me = fakeUuid(900);
const made: Inbox[] = [];
afterEach(() => {
  for (const inbox of made.splice(0)) inbox.dispose();
});

const open = (storage = createMemoryStorage()) => {
  const client = createScriptedAgent();
  const inbox = new Inbox(client, storage);
  made.push(inbox);
  const load = (...list: ReturnType<typeof fakeSummary>[]) =>
    client.change({ agentId: me, inbox: list, isInboxLoaded: true });
  return { client, inbox, load, storage };
};
const waiting = fakeSummary(1, { state: 'waiting', waitingSince: '2026-03-10T11:03:00.000Z' });
const longer = fakeSummary(2, { state: 'waiting', waitingSince: '2026-03-10T11:01:00.000Z' });
const mine = fakeSummary(3, { state: 'human', agentId: me });
const others = fakeSummary(4, { state: 'human', agentId: fakeUuid(901), agentName: 'Jonas' });

describe('Inbox', () => {
  it('opens on the first tab that holds something, and keeps one that was chosen', () => {
    const first = open();
    first.load(mine, fakeSummary(5));
    expect(first.inbox.tab).toBe('mine');

    const second = open();
    second.inbox.tab = 'resolved';
    second.load(mine);
    expect(second.inbox.tab).toBe('resolved');
  });

  it('lists the longest wait first and counts what needs eyes', () => {
    const { inbox, load } = open();
    load(waiting, longer, { ...mine, lastSeq: 9 }, others);
    expect(inbox.visible.map((one) => one.conversationId)).toEqual([fakeUuid(2), fakeUuid(1)]);
    expect(inbox.attention).toBe(3);
  });

  it('follows the open conversation to its new tab, and no other', () => {
    const { inbox, client, load } = open();
    load(waiting, longer);
    inbox.show(fakeUuid(1));
    load({ ...waiting, state: 'human', agentId: me, waitingSince: null }, longer);
    expect(inbox.tab).toBe('mine');
    inbox.tab = 'waiting';
    load({ ...waiting, state: 'resolved', waitingSince: null }, longer);
    expect(inbox.tab).toBe('waiting');
    expect(client.calls).toEqual([`open ${fakeUuid(1)}`]);
  });

  it('steps through the visible list and stops at its ends', () => {
    const { inbox, load } = open();
    load(waiting, longer);
    expect(inbox.neighbour(1)).toBe(fakeUuid(2));
    expect(inbox.neighbour(-1)).toBe(fakeUuid(1));
    inbox.show(fakeUuid(2));
    expect(inbox.neighbour(1)).toBe(fakeUuid(1));
    expect(inbox.neighbour(-1)).toBeNull();
  });

  it('searches all tabs at once, without accents or case', () => {
    const { inbox, load } = open();
    load(waiting, { ...mine, visitorName: 'Zoë Müller' }, fakeSummary(5));
    inbox.search = 'zoe mull';
    expect(inbox.visible.map((one) => one.conversationId)).toEqual([fakeUuid(3)]);
  });

  it.each([
    ['ai', fakeSummary(1), 'take'],
    ['waiting', waiting, 'take'],
    ['human', { ...waiting, state: 'human' as const, agentId: me }, 'reply'],
    ['human', { ...waiting, state: 'human' as const, agentId: fakeUuid(901) }, 'watch-other'],
    ['resolved', { ...waiting, state: 'resolved' as const }, 'none'],
  ] as const)('offers in state %s what fits', (state, summary, action) => {
    const { inbox, client, load } = open();
    load(summary);
    inbox.show(fakeUuid(1));
    expect(inbox.action).toBe('none');
    client.change({ thread: fakeThread(1, { state }) });
    expect(inbox.action).toBe(action);
  });

  it('keeps a draft for each conversation, over a reload too', () => {
    const { inbox, client, load, storage } = open();
    load(mine, others);
    inbox.show(fakeUuid(3));
    inbox.draft = 'Half a thought';
    inbox.show(fakeUuid(4));
    expect(inbox.draft).toBe('');
    const again = new Inbox(client, storage);
    made.push(again);
    again.show(fakeUuid(3));
    expect(again.draft).toBe('Half a thought');
  });

  it('sends only in an own conversation, once, and empties the draft', () => {
    const { inbox, client, load } = open();
    load(mine);
    inbox.show(fakeUuid(3));
    client.change({ thread: fakeThread(3, { state: 'ai' }) });
    inbox.draft = ' Hello ';
    inbox.send();
    expect(client.calls).not.toContain('send Hello');
    client.change({ thread: fakeThread(3, { state: 'human' }) });
    inbox.send();
    inbox.send();
    expect(client.calls.filter((call) => call.startsWith('send'))).toEqual(['send Hello']);
    expect(inbox.draft).toBe('');
  });

  it('tells the visitor of typing, and of its end when the conversation is left', () => {
    const { inbox, client, load } = open();
    load(mine);
    inbox.show(fakeUuid(3));
    inbox.draft = 'H';
    inbox.draft = 'He';
    inbox.show(null);
    expect(client.calls.slice(1)).toEqual(['setTyping true', 'setTyping false', 'leave']);
  });

  it("marks visitors' messages as seen where we are in charge, once, and never its own marks", () => {
    const { inbox, client, load } = open();
    load(mine, fakeSummary(1));
    const own = { role: 'agent', id: me, name: 'Mara' } as const;
    const entries = [fakeMessage('a', { seq: 3 }), fakeMessage('b', { seq: 5, author: own })];
    inbox.show(fakeUuid(3));
    client.change({ thread: fakeThread(3, { state: 'human', entries, seenSeq: 0 }) });
    inbox.markSeen();
    client.change({ thread: fakeThread(3, { state: 'human', entries, lastSeq: 5, seenSeq: 3 }) });
    inbox.markSeen();
    inbox.show(fakeUuid(1));
    client.change({ thread: fakeThread(1, { state: 'ai', entries }) });
    inbox.markSeen();
    expect(client.calls.filter((call) => call.startsWith('markSeen'))).toEqual(['markSeen 3']);
  });

  it('shows a conversation as unread until it was on screen, and again with the next message', () => {
    const { inbox, client, load } = open();
    const news = { ...mine, lastSeq: 9, agentSeenSeq: 4, previewRole: 'visitor' as const };
    load(news);
    expect(inbox.isUnread(news)).toBe(true);
    inbox.show(fakeUuid(3));
    client.change({ thread: fakeThread(3, { state: 'human' }) });
    inbox.markSeen();
    expect(inbox.isUnread(news)).toBe(false);
    expect(inbox.isUnread({ ...news, lastSeq: 10 })).toBe(true);
    expect(inbox.isUnread({ ...news, lastSeq: 10, agentSeenSeq: 9 })).toBe(false);
    expect(inbox.isUnread({ ...news, lastSeq: 10, previewRole: 'agent' })).toBe(false);
  });
});
