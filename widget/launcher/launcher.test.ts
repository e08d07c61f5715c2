import { describe, expect, it } from 'vitest';
import { envelope, type Received, type ToHost } from '../host-messages.ts';
import { createLauncher } from './launcher.ts';
import { readSettings } from './settings.ts';
import type { LauncherView } from './view.ts';

/** A launcher on a view without a browser. */
function start(options: { remembered?: string; open?: string } = {}) {
  const settings = readSettings(
    { src: 'https://chat.example/widget.js', dataset: { site: 'demo', open: options.open } },
    { origin: 'https://shop.example', language: 'en' },
  );
  if (!settings) throw new Error('The settings of the test are wrong.');
  const toFrame: unknown[] = [];
  const contentWindow = {
    postMessage: (message: unknown, origin: string) => toFrame.push({ ...Object(message), to: origin }),
  };
  const seen = { frames: 0, isOpen: false, unread: 0, hasFocus: false, focused: 0 };
  const handlers = new Map<string, () => void>();
  const button = {
    addEventListener: (type: string, handler: () => void) => handlers.set(type, handler),
    focus: () => (seen.focused += 1),
  };
  const view = {
    button,
    hasFocus: () => seen.hasFocus,
    setOpen: (isOpen: boolean) => (seen.isOpen = isOpen),
    setUnread: (count: number) => (seen.unread = count),
    addFrame: () => {
      seen.frames += 1;
      return { contentWindow };
    },
  } as unknown as LauncherView;
  const stored: { value: string | null } = { value: options.remembered ?? null };
  let receive: (event: Received) => void = () => {};
  let escape = (): void => {};
  const api = createLauncher({
    settings,
    view,
    memory: { read: () => stored.value, write: (value) => (stored.value = value) },
    onMessage: (listener) => (receive = listener),
    onEscape: (listener) => (escape = listener),
  });
  return {
    api,
    seen,
    stored,
    toFrame,
    press: (type: string) => handlers.get(type)?.(),
    escape: () => escape(),
    say: (message: ToHost, change: Partial<Received> = {}) =>
      receive({ data: envelope(message), origin: 'https://chat.example', source: contentWindow, ...change }),
  };
}

describe('createLauncher', () => {
  it('makes no frame and stores nothing before the visitor turns to it', () => {
    const { seen, stored, press } = start();
    expect([seen.frames, stored.value]).toEqual([0, null]);
    press('pointerenter');
    press('focus');
    expect([seen.frames, seen.isOpen, stored.value]).toEqual([1, false, null]);
  });

  it('opens and closes by click and API, and tells the frame with its exact origin', () => {
    const { api, seen, toFrame, press, say } = start();
    press('click');
    expect([api.isOpen(), seen.isOpen, toFrame]).toEqual([true, true, []]);
    say({ type: 'ready' });
    api.close();
    expect(toFrame).toEqual([
      { deskbell: 1, type: 'opened', takesFocus: true, to: 'https://chat.example' },
      { deskbell: 1, type: 'closed', connects: false, to: 'https://chat.example' },
    ]);
    api.toggle();
    expect(api.isOpen()).toBe(true);
    expect(seen.frames).toBe(1);
  });

  it('closes when the frame asks, and gives the focus back to the button', () => {
    const { api, seen, say } = start();
    api.open();
    seen.hasFocus = true;
    say({ type: 'close' });
    expect([api.isOpen(), seen.focused]).toEqual([false, 1]);
  });

  it('does not listen to another origin or window', () => {
    const { api, seen, say } = start();
    api.open();
    say({ type: 'close' }, { origin: 'https://evil.example' });
    say({ type: 'close' }, { source: {} });
    say({ type: 'status', unread: 5, hasConversation: true }, { origin: 'https://evil.example' });
    expect([api.isOpen(), seen.unread]).toEqual([true, 0]);
  });

  it('closes on Escape only when the focus is in the chat', () => {
    const { api, seen, escape } = start();
    api.open();
    escape();
    expect(api.isOpen()).toBe(true);
    seen.hasFocus = true;
    escape();
    expect(api.isOpen()).toBe(false);
  });

  it('shows unread messages and tells listeners, until they stop', () => {
    const { api, seen, say } = start();
    const counts: number[] = [];
    const stop = api.on('unread', (count) => counts.push(count));
    api.open();
    say({ type: 'status', unread: 2, hasConversation: true });
    say({ type: 'status', unread: 2, hasConversation: true });
    stop();
    say({ type: 'status', unread: 3, hasConversation: true });
    expect([counts, seen.unread]).toEqual([[2], 3]);
  });

  it('comes back as it was left on the next page', () => {
    const first = start();
    first.api.open();
    expect(first.stored.value).toBe('open');
    first.api.close();
    expect(first.stored.value).toBe('closed');
    first.say({ type: 'status', unread: 0, hasConversation: true });
    expect(first.stored.value).toBe('talking');

    const open = start({ remembered: 'open' });
    open.say({ type: 'ready' });
    expect(open.api.isOpen()).toBe(true);
    expect(open.toFrame).toMatchObject([{ type: 'opened', takesFocus: false }]);
    const talking = start({ remembered: 'talking' });
    talking.say({ type: 'ready' });
    expect(talking.seen).toMatchObject({ frames: 1, isOpen: false });
    expect(talking.toFrame).toMatchObject([{ type: 'closed', connects: true }]);
    expect(start({ remembered: 'closed' }).seen).toMatchObject({ frames: 0, isOpen: false });
  });

  it('opens at the start when the tag says so, but not against the visitor', () => {
    expect(start({ open: 'true' }).api.isOpen()).toBe(true);
    expect(start({ open: 'true', remembered: 'closed' }).api.isOpen()).toBe(false);
  });
});
