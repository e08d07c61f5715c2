import { describe, expect, it } from 'vitest';
import { createFakeClient } from '../dev/fake-client.ts';
import { createScene, type SceneName } from '../dev/scenes.ts';
import { Chat } from './chat.svelte.ts';
import type { SessionResult } from './session.ts';

const session = {
  visitorId: '018f4d9e-5f0a-7c3e-9a4b-2b1c3d4e5f60',
  token: 'secret',
  site: { id: 'demo', name: 'Demo', greeting: 'Hello', accentColor: '#1f6f5c' },
  conversationId: null,
};
const open: SessionResult = { type: 'open', session };

function start(scene: SceneName = 'greeting', results: SessionResult[] = [open]) {
  const clients: ReturnType<typeof createFakeClient>[] = [];
  const waits: { run: () => void; afterMs: number }[] = [];
  const stored = { draft: '' };
  const sessions = { count: 0 };
  const chat = new Chat({
    openSession: async () => results[Math.min(sessions.count++, results.length - 1)] ?? open,
    createClient: () => {
      const client = createFakeClient(createScene(scene).snapshot);
      clients.push(client);
      return client;
    },
    drafts: { read: () => stored.draft, write: (text) => (stored.draft = text) },
    now: () => Date.parse('2026-03-10T12:00:00Z'),
    schedule: (run, afterMs) => {
      const wait = { run, afterMs };
      waits.push(wait);
      return () => waits.splice(waits.indexOf(wait), 1);
    },
  });
  const settle = async () => {
    for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
  };
  return { chat, clients, waits, stored, sessions, settle, client: () => clients.at(-1) };
}

describe('Chat', () => {
  it('does nothing before it is started, and starts once', async () => {
    const { chat, sessions, settle, client } = start();
    expect(sessions.count).toBe(0);
    chat.start();
    chat.start();
    await settle();
    expect(sessions.count).toBe(1);
    expect(client()?.calls).toEqual(['connect']);
  });

  it('keeps what is written before the session is open and sends it in order', async () => {
    const { chat, settle, client } = start();
    chat.start();
    for (const text of ['one', ' two ']) {
      chat.setDraft(text);
      expect(chat.sendDraft()).toBe(true);
    }
    chat.requestPerson();
    expect(chat.entries.map(({ entry }) => entry.kind === 'message' && entry.outgoing?.status)).toEqual([
      'queued',
      'queued',
    ]);
    await settle();
    expect(client()?.calls).toEqual(['connect', 'send one', 'send two', 'requestPerson']);
    expect(chat.early).toEqual([]);
  });

  it('keeps the draft and clears it when it is sent', async () => {
    const { chat, stored, settle, client } = start();
    chat.start();
    await settle();
    chat.setDraft('Hello');
    expect(stored.draft).toBe('Hello');
    chat.sendDraft();
    expect([chat.draft, stored.draft]).toEqual(['', '']);
    expect(client()?.calls).toContain('send Hello');
  });

  it('refuses to send nothing or too much', async () => {
    const { chat } = start();
    chat.setDraft('  \n ');
    expect(chat.sendDraft()).toBe(false);
    chat.setDraft('x'.repeat(4001));
    expect([chat.overLength, chat.canSend, chat.sendDraft()]).toEqual([1, false, false]);
    chat.setDraft(` ${'x'.repeat(4000)} `);
    expect(chat.canSend).toBe(true);
  });

  it('tries again with growing waits while the server cannot be reached', async () => {
    const { chat, waits, settle, clients } = start('greeting', [
      { type: 'unreachable' },
      { type: 'unreachable' },
      open,
    ]);
    chat.start();
    await settle();
    expect([chat.trouble, waits.map((wait) => wait.afterMs)]).toEqual(['unavailable', [1000]]);
    waits.at(-1)?.run();
    await settle();
    expect(waits.at(-1)?.afterMs).toBe(2000);
    chat.retryNow();
    await settle();
    expect([chat.trouble, clients.length]).toEqual([null, 1]);
  });

  it('gives up where the server refuses', async () => {
    const { chat, waits, settle } = start('greeting', [{ type: 'refused' }]);
    chat.start();
    await settle();
    chat.setDraft('Hello');
    expect([chat.trouble, waits, chat.canSend]).toEqual(['missing', [], false]);
  });

  it('opens a session that ran out anew, once', async () => {
    const { chat, sessions, settle, client } = start();
    chat.start();
    await settle();
    const refused = { connection: { status: 'refused', reason: 'session-revoked' } } as const;
    client()?.show({ ...refused, agents: null, isTypingShown: false, thread: null });
    await settle();
    expect([sessions.count, chat.trouble]).toEqual([2, null]);
  });

  it('does not open sessions for ever when none is accepted', async () => {
    const { chat, sessions, settle, client } = start('connecting');
    const refused = { connection: { status: 'refused', reason: 'unauthenticated' } } as const;
    chat.start();
    for (let turn = 0; turn < 3; turn += 1) {
      await settle();
      client()?.show({ ...refused, agents: null, isTypingShown: false, thread: null });
    }
    expect([sessions.count, chat.trouble]).toEqual([2, 'outdated']);
  });

  it('says when the browser is offline or the connection is being made again', async () => {
    const { chat, settle } = start('reconnecting');
    chat.start();
    await settle();
    expect(chat.trouble).toBe('reconnecting');
    chat.isOnline = false;
    expect(chat.trouble).toBe('offline');
  });

  it('marks as seen only what is on screen', async () => {
    const { chat, settle, client } = start('answered');
    chat.start();
    await settle();
    const scene = createScene('answered').snapshot;
    if (!scene.thread) throw new Error('The scene has no thread.');
    client()?.show({ ...scene, thread: { ...scene.thread, seenSeq: 0 } });
    expect(chat.unread).toBe(1);
    for (const hidden of ['isOpen', 'isVisible', 'isAtEnd'] as const) {
      chat.isOpen = chat.isVisible = chat.isAtEnd = true;
      chat[hidden] = false;
      chat.markSeen();
    }
    expect(client()?.calls).not.toContain('seen 2');
    chat.isOpen = chat.isVisible = chat.isAtEnd = true;
    chat.markSeen();
    expect(client()?.calls).toContain('seen 2');
  });

  it('asks for a person once, until the answer to it has come', async () => {
    const { chat, settle, client } = start();
    chat.start();
    await settle();
    chat.requestPerson();
    chat.requestPerson();
    expect([client()?.calls, chat.hasAskedPerson]).toEqual([['connect', 'requestPerson'], true]);
    client()?.show(createScene('waiting').snapshot);
    expect(chat.hasAskedPerson).toBe(false);
  });

  it('shows the step only until the first word', async () => {
    const searching = start('searching');
    searching.chat.start();
    await searching.settle();
    expect([searching.chat.step, searching.chat.isAnswering]).toEqual(['searching', true]);
    const streaming = start('streaming');
    streaming.chat.start();
    await streaming.settle();
    expect([streaming.chat.step, streaming.chat.isAnswering]).toEqual([null, true]);
  });

  it('shows a talk that is still being loaded', async () => {
    const { chat, settle } = start('loading');
    chat.start();
    await settle();
    expect(chat.isLoading).toBe(true);
  });
});
