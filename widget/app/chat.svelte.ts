import type { ThreadMessage, VisitorClient, VisitorSnapshot } from '../../server/protocol/client/types.ts';
import type { VisitorSession } from '../../server/protocol/http.ts';
import { maxMessageLength } from '../../server/protocol/version.ts';
import type { DraftStore } from './drafts.ts';
import type { OpenSession } from './session.ts';
import {
  countUnread,
  earlyMessage,
  isAnswerVisible,
  lastSeqFromOthers,
  nothing,
  viewEntries,
} from './thread-view.ts';
import { findTrouble } from './trouble.ts';

export interface ChatDeps {
  openSession: OpenSession;
  createClient(session: VisitorSession): VisitorClient;
  drafts: DraftStore;
  now(): number;
  /** Calls `run` after a time; gives the way to stop. */
  schedule(run: () => void, afterMs: number): () => void;
}

const retryMs = [1_000, 2_000, 5_000, 10_000, 30_000] as const;

/** All state of the chat and everything one can do with it. Components only render it. */
export class Chat {
  isOpen = $state(false);
  isOnline = $state(true);
  /** True while the newest entry is on screen; then what arrives counts as seen. */
  isAtEnd = $state(true);
  isVisible = $state(true);
  draft = $state('');
  session = $state.raw<VisitorSession | null>(null);
  snapshot = $state.raw<VisitorSnapshot>(nothing);
  /** Written before the session was open; sent as soon as it is. */
  early = $state.raw<readonly ThreadMessage[]>([]);
  /** True from the request for a person until the conversation has changed its state. */
  hasAskedPerson = $state(false);
  failures = $state(0);
  isRefused = $state(false);

  readonly thread = $derived(this.snapshot.thread);
  readonly state = $derived(this.thread?.state ?? 'ai');
  readonly entries = $derived(viewEntries([...(this.thread?.entries ?? []), ...this.early]));
  readonly unread = $derived(countUnread(this.thread));
  /** A talk is expected, but its log is not here yet. */
  readonly isLoading = $derived(
    !this.isRefused &&
      (this.thread ? !this.thread.isLoaded && this.thread.entries.length === 0 : this.#isSessionLoading()),
  );
  /** What the AI does before its first word. */
  readonly step = $derived(isAnswerVisible(this.thread) ? null : (this.thread?.turn?.step ?? null));
  readonly isAnswering = $derived((this.thread?.turn ?? null) !== null);
  readonly overLength = $derived(Math.max(0, this.draft.trim().length - maxMessageLength));
  readonly canSend = $derived(this.draft.trim() !== '' && this.overLength === 0 && !this.isRefused);
  readonly trouble = $derived(findTrouble(this));

  readonly #deps: ChatDeps;
  #client: VisitorClient | null = null;
  #wantsPerson = false;
  #isStarted = false;
  #hasRenewed = false;
  #cancelRetry = (): void => {};
  #unsubscribe = (): void => {};

  constructor(deps: ChatDeps) {
    this.#deps = deps;
    this.draft = deps.drafts.read();
  }

  /** Opens the session and connects, once; nothing is sent and no cookie set before. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    void this.#connect(null);
  }

  /** Tries at once what waits for its next attempt. */
  retryNow(): void {
    if (!this.#isStarted || this.session || this.isRefused) return;
    this.#cancelRetry();
    void this.#connect(null);
  }

  setDraft(text: string): void {
    this.draft = text;
    this.#deps.drafts.write(text);
    this.#client?.setTyping(text);
  }

  /** Sends the draft; false when there is nothing that can be sent. */
  sendDraft(): boolean {
    if (!this.canSend) return false;
    const text = this.draft.trim();
    this.setDraft('');
    if (this.#client) this.#client.send(text);
    else this.early = [...this.early, earlyMessage(text, this.early.length, this.#deps.now())];
    return true;
  }

  /** Sends a choice of a question back as if it had been typed; the draft stays. */
  choose = (choice: string): void => this.#client?.send(choice);
  judge = (answerId: string, isRight: boolean): void => this.#client?.judgeAnswer(answerId, isRight);

  retry(key: string): void {
    this.#client?.retry(key);
  }

  stopAnswer(): void {
    this.#client?.stopAnswer();
  }

  requestPerson(): void {
    if (this.hasAskedPerson) return;
    this.hasAskedPerson = true;
    if (this.#client) this.#client.requestPerson();
    else this.#wantsPerson = true;
  }

  startOver(): void {
    this.hasAskedPerson = false;
    this.#client?.startOver();
  }

  stopTyping(): void {
    this.#client?.setTyping('');
  }

  /** Marks as seen what is on screen now. */
  markSeen(): void {
    const seq = lastSeqFromOthers(this.thread);
    if (this.isOpen && this.isVisible && this.isAtEnd && seq > (this.thread?.seenSeq ?? 0)) {
      this.#client?.markSeen(seq);
    }
  }

  close(): void {
    this.#cancelRetry();
    this.#unsubscribe();
    this.#client?.close();
  }

  #isSessionLoading(): boolean {
    return (this.session?.conversationId ?? null) !== null && this.snapshot.connection.status !== 'online';
  }

  async #connect(token: string | null): Promise<void> {
    const result = await this.#deps.openSession(token);
    if (result.type === 'refused') {
      this.isRefused = true;
      return;
    }
    if (result.type === 'unreachable') {
      const delayMs = retryMs[Math.min(this.failures, retryMs.length - 1)] ?? 30_000;
      this.failures += 1;
      this.#cancelRetry = this.#deps.schedule(() => void this.#connect(token), delayMs);
      return;
    }
    this.failures = 0;
    this.session = result.session;
    this.#adopt(this.#deps.createClient(result.session));
  }

  #adopt(client: VisitorClient): void {
    this.#client = client;
    this.#unsubscribe = client.subscribe(() => this.#take(client.getSnapshot()));
    client.connect();
    for (const message of this.early) client.send(message.text);
    if (this.#wantsPerson) client.requestPerson();
    this.early = [];
    this.#wantsPerson = false;
    this.#take(client.getSnapshot());
  }

  #take(snapshot: VisitorSnapshot): void {
    this.snapshot = snapshot;
    if ((snapshot.thread?.state ?? 'ai') !== 'ai') this.hasAskedPerson = false;
    if (snapshot.connection.status === 'online') this.#hasRenewed = false;
    if (snapshot.connection.status === 'refused') this.#renew(snapshot.connection.reason);
  }

  /** A session that ran out is opened anew, once; any other refusal is for good. */
  #renew(reason: string): void {
    const canRenew = (reason === 'unauthenticated' || reason === 'session-revoked') && !this.#hasRenewed;
    this.#unsubscribe();
    this.#client?.close();
    this.#client = null;
    if (!canRenew) {
      this.isRefused = true;
      return;
    }
    this.#hasRenewed = true;
    void this.#connect(null);
  }
}
