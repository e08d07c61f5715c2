import type { Received } from '../host-messages.ts';
import { createFramePort } from './frame-port.ts';
import type { LauncherSettings } from './settings.ts';
import type { LauncherView } from './view.ts';

export type LauncherEvent = 'open' | 'close' | 'unread';

/** `window.Deskbell` on the host page. */
export interface DeskbellApi {
  open(): void;
  close(): void;
  toggle(): void;
  isOpen(): boolean;
  /** Calls `listener` on each such event (`unread`: with the count); gives the way to stop. */
  on(event: LauncherEvent, listener: (count: number) => void): () => void;
}

/** Remembers over page loads whether the chat is open; all that we keep on the host page. */
export interface OpenMemory {
  read(): string | null;
  /** `talking`: closed, with a conversation under way. */
  write(value: 'open' | 'closed' | 'talking'): void;
}

export interface LauncherDeps {
  settings: LauncherSettings;
  view: LauncherView;
  memory: OpenMemory;
  /** Calls `listener` on each message that reaches the host page. */
  onMessage(listener: (event: Received) => void): void;
  /** Calls `listener` when Escape is pressed on the host page. */
  onEscape(listener: () => void): void;
}

type Listener = (count: number) => void;

function createEmitter() {
  const entries = new Set<{ event: LauncherEvent; listener: Listener }>();
  return {
    emit(event: LauncherEvent, count: number): void {
      for (const entry of [...entries]) if (entry.event === event) entry.listener(count);
    },
    on(event: LauncherEvent, listener: Listener): () => void {
      const entry = { event, listener };
      entries.add(entry);
      return () => entries.delete(entry);
    },
  };
}

/**
 * Opens and closes the chat. The iframe is made on hover, focus or opening and not before; on a later page of a
 * visit it is made at once when the visitor left it open or has a talk under way (so that replies are counted).
 */
export function createLauncher({ settings, view, memory, onMessage, onEscape }: LauncherDeps): DeskbellApi {
  const { emit, on } = createEmitter();
  let isOpen = false;
  let hasBeenOpened = false;
  let unread = 0;
  let hasConversation = false;

  const remember = (): void => {
    if (hasBeenOpened) memory.write(isOpen ? 'open' : hasConversation ? 'talking' : 'closed');
  };
  const port = createFramePort({
    settings,
    view,
    onMessage,
    onSaid(message) {
      if (message.type === 'close') return setOpen(false);
      const isNew = message.unread !== unread;
      ({ unread, hasConversation } = message);
      view.setUnread(unread);
      remember();
      if (isNew) emit('unread', unread);
    },
  });

  function setOpen(next: boolean, takesFocus = true): void {
    if (isOpen === next) return;
    const hadFocus = view.hasFocus();
    isOpen = next;
    hasBeenOpened = true;
    port.load();
    view.setOpen(next);
    remember();
    port.post(next ? { type: 'opened', takesFocus } : { type: 'closed', connects: hasConversation });
    if (!next && hadFocus) view.button.focus({ preventScroll: true });
    emit(next ? 'open' : 'close', unread);
  }

  onEscape(() => {
    if (view.hasFocus()) setOpen(false);
  });
  view.button.addEventListener('click', () => setOpen(!isOpen));
  view.button.addEventListener('pointerenter', port.load);
  view.button.addEventListener('focus', port.load);

  const remembered = memory.read();
  hasBeenOpened = remembered !== null;
  if (remembered === 'open' || (remembered === null && settings.opensAtStart)) setOpen(true, false);
  else if (remembered === 'talking') {
    port.load();
    port.post({ type: 'closed', connects: true });
  }

  return {
    open: () => setOpen(true),
    close: () => setOpen(false),
    toggle: () => setOpen(!isOpen),
    isOpen: () => isOpen,
    on,
  };
}
