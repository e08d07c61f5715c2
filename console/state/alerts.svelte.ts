import type { ConversationSummary } from '../../server/protocol/agent.ts';
import { findNews, type News } from '../lib/news.ts';
import { plainText } from '../lib/plain-text.ts';

/** The browser's ways to call someone, replaceable in tests. */
export interface AlertOutlets {
  storage: Pick<Storage, 'getItem' | 'setItem'>;
  /** Whether the agent is looking at this page now. */
  isWatching(): boolean;
  playSound(kind: News['kind']): void;
  permission(): NotificationPermission | 'unsupported';
  requestPermission(): Promise<NotificationPermission>;
  showNotification(title: string, body: string, onOpen: () => void): void;
}

const soundKey = 'deskbell-sound';
const desktopKey = 'deskbell-desktop';

/** Tells the agent about waiting visitors and new messages by sound and desktop notification, as wished. */
export class Alerts {
  hasSound = $state(false);
  hasDesktop = $state(false);
  /** Set when the browser has refused notifications: only the person can change that. */
  isBlocked = $state(false);
  readonly #outlets: AlertOutlets;
  readonly #onOpen: (conversationId: string) => void;
  #known: readonly ConversationSummary[] | null = null;

  constructor(outlets: AlertOutlets, onOpen: (conversationId: string) => void) {
    this.#outlets = outlets;
    this.#onOpen = onOpen;
    this.hasSound = outlets.storage.getItem(soundKey) !== 'off';
    this.hasDesktop = outlets.storage.getItem(desktopKey) === 'on' && outlets.permission() === 'granted';
    this.isBlocked = outlets.permission() === 'denied';
  }

  setSound(isOn: boolean): void {
    this.hasSound = isOn;
    this.#outlets.storage.setItem(soundKey, isOn ? 'on' : 'off');
    if (isOn) this.#outlets.playSound('message');
  }

  /** Asks the browser for permission when it is needed. */
  async setDesktop(isOn: boolean): Promise<void> {
    const permission = isOn ? await this.#outlets.requestPermission() : this.#outlets.permission();
    this.isBlocked = permission === 'denied';
    this.hasDesktop = isOn && permission === 'granted';
    this.#outlets.storage.setItem(desktopKey, this.hasDesktop ? 'on' : 'off');
  }

  /** Takes the inbox after each change; the first one is where we come in, and is no news. */
  take(inbox: readonly ConversationSummary[], agentId: string | null, openId: string | null): void {
    const before = this.#known;
    this.#known = inbox;
    if (before === null) return;
    const isWatching = this.#outlets.isWatching();
    const news = findNews(before, inbox, agentId).filter(
      ({ summary }) => !(isWatching && summary.conversationId === openId),
    );
    const loudest = news.find(({ kind }) => kind === 'waiting') ?? news[0];
    if (loudest === undefined) return;
    if (this.hasSound) this.#outlets.playSound(loudest.kind);
    if (!this.hasDesktop || isWatching) return;
    for (const { kind, summary } of news) {
      const title =
        kind === 'waiting' ? `${summary.visitorName} is waiting for a person` : summary.visitorName;
      this.#outlets.showNotification(title, plainText(summary.preview), () =>
        this.#onOpen(summary.conversationId),
      );
    }
  }
}
