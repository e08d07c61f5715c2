import { mount } from 'svelte';
import { applyAccent } from './accent.ts';
import type { Chat } from './chat.svelte.ts';
import App from './components/App.svelte';
import { createHostLink } from './host-link.ts';
import type { Texts } from './texts.ts';

export interface StartOptions {
  chat: Chat;
  texts: Texts;
  /** Null when the chat is a page of its own: then it begins at once. */
  hostOrigin: string | null;
}

interface AppProps {
  chat: Chat;
  texts: Texts;
  onClose: (() => void) | null;
  focusRequest: number;
}

/** Puts the chat on the page and ties it to the browser and to the host page, for the life of the page. */
export function startChat({ chat, texts, hostOrigin }: StartOptions): void {
  const target = document.getElementById('chat');
  if (!target) return;
  document.documentElement.lang = texts.language;
  document.documentElement.dir = texts.direction;
  const props: AppProps = $state({ chat, texts, onClose: null, focusRequest: 0 });
  watchBrowser(chat);
  watchAccent(chat);
  if (hostOrigin === null) {
    chat.isOpen = true;
    chat.start();
  } else {
    const link = createHostLink({
      host: window.parent,
      hostOrigin,
      onMessage: (listener) => window.addEventListener('message', listener),
      onCommand: (command) => {
        chat.isOpen = command.type === 'opened';
        if (command.type === 'opened' || command.connects) chat.start();
        if (command.type === 'opened' && command.takesFocus && matchMedia('(pointer: fine)').matches) {
          props.focusRequest += 1;
        }
      },
    });
    props.onClose = () => link.post({ type: 'close' });
    $effect.root(() => {
      $effect(() => {
        // before the session is open nothing is known, and the host must not forget a talk under way
        if (!chat.session) return;
        link.post({ type: 'status', unread: chat.unread, hasConversation: chat.thread !== null });
      });
    });
    link.post({ type: 'ready' });
  }
  target.replaceChildren();
  mount(App, { target, props });
}

function watchBrowser(chat: Chat): void {
  const look = (): void => {
    chat.isOnline = navigator.onLine;
    chat.isVisible = document.visibilityState === 'visible';
    if (chat.isOnline && chat.isVisible) chat.retryNow();
  };
  look();
  window.addEventListener('online', look);
  window.addEventListener('offline', look);
  document.addEventListener('visibilitychange', look);
}

function watchAccent(chat: Chat): void {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = (): void => {
    const accent = chat.session?.site.accentColor;
    if (accent) applyAccent(document.documentElement.style, accent, dark.matches);
  };
  dark.addEventListener('change', apply);
  $effect.root(() => {
    $effect(apply);
  });
}
