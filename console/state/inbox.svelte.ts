import type { ConversationSummary } from '../../server/protocol/agent.ts';
import type { AgentClient, AgentSnapshot } from '../../server/protocol/client/types.ts';
import { groupInbox, isUnread, matchesSearch, tabOf, type InboxTab } from '../lib/inbox-groups.ts';
import { TypingSignal } from '../lib/typing-signal.ts';

/** What the foot of a conversation offers. */
export type MainAction = 'take' | 'reply' | 'watch-other' | 'none';

/** Where unsent replies outlive a reload; `sessionStorage` in the browser. */
export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const draftKey = (conversationId: string): string => `deskbell-draft-${conversationId}`;

/** The agent's inbox: the list with its tabs, the open conversation, and the drafts. */
export class Inbox {
  search = $state('');
  #snapshot: AgentSnapshot = $state.raw({
    connection: { status: 'idle' },
    agentId: null,
    inbox: [],
    isInboxLoaded: false,
    thread: null,
    problem: null,
  });
  #tab: InboxTab = $state('waiting');
  #hasChosenTab = false;
  #openId: string | null = $state(null);
  #drafts: Record<string, string> = $state({});
  /** How far each conversation has been on this page's screen. */
  #readSeq: Record<string, number> = $state({});
  readonly #client: AgentClient;
  readonly #storage: DraftStorage;
  readonly #typing: TypingSignal;
  readonly #stop: () => void;

  readonly groups = $derived(groupInbox(this.#snapshot.inbox, this.#snapshot.agentId));
  /** The list as shown: of the present tab, or of all tabs while searching. */
  readonly visible = $derived.by((): ConversationSummary[] =>
    this.search.trim() === ''
      ? this.groups[this.#tab]
      : Object.values(this.groups)
          .flat()
          .filter((summary) => matchesSearch(summary, this.search.trim())),
  );
  /** How many conversations ask for this agent's eyes: all that wait, and own ones with news. */
  readonly attention = $derived(
    this.groups.waiting.length + this.groups.mine.filter((one) => this.isUnread(one)).length,
  );
  readonly summary = $derived(
    this.#snapshot.inbox.find((one) => one.conversationId === this.#openId) ?? null,
  );
  readonly thread = $derived(
    this.#snapshot.thread?.conversationId === this.#openId ? this.#snapshot.thread : null,
  );

  constructor(client: AgentClient, storage: DraftStorage) {
    this.#client = client;
    this.#storage = storage;
    this.#typing = new TypingSignal((isTyping) => client.setTyping(isTyping));
    this.#snapshot = client.getSnapshot();
    this.#stop = client.subscribe(() => this.#read());
  }

  get snapshot(): AgentSnapshot {
    return this.#snapshot;
  }
  get openId(): string | null {
    return this.#openId;
  }
  get tab(): InboxTab {
    return this.#tab;
  }
  set tab(tab: InboxTab) {
    this.#hasChosenTab = true;
    this.#tab = tab;
    this.search = '';
  }

  get action(): MainAction {
    const thread = this.thread;
    if (thread === null || !thread.isLoaded) return 'none';
    switch (thread.state) {
      case 'ai':
      case 'waiting':
        return 'take';
      case 'human':
        return this.summary !== null && this.summary.agentId !== this.#snapshot.agentId
          ? 'watch-other'
          : 'reply';
      case 'resolved':
        return 'none';
    }
  }

  /** Opens the conversation that the address names, or leaves the open one. */
  show(conversationId: string | null): void {
    if (conversationId === this.#openId) return;
    this.#typing.stop();
    this.#openId = conversationId;
    if (conversationId === null) this.#client.leave();
    else this.#client.open(conversationId);
    this.#followTab();
  }

  /** The conversation `step` places further in the visible list; the first or last when none is open. */
  neighbour(step: 1 | -1): string | null {
    const at = this.visible.findIndex((one) => one.conversationId === this.#openId);
    const next = at === -1 ? (step === 1 ? 0 : this.visible.length - 1) : at + step;
    return this.visible[next]?.conversationId ?? null;
  }

  get draft(): string {
    const id = this.#openId;
    return id === null ? '' : (this.#drafts[id] ?? this.#storage.getItem(draftKey(id)) ?? '');
  }
  set draft(text: string) {
    if (this.#openId === null) return;
    this.#drafts[this.#openId] = text;
    if (text === '') this.#storage.removeItem(draftKey(this.#openId));
    else this.#storage.setItem(draftKey(this.#openId), text);
    if (text.trim() === '') this.#typing.stop();
    else this.#typing.touch();
  }

  /** Sends the draft, if there is one to send and it is our turn to write. */
  send(): void {
    const text = this.draft.trim();
    if (text === '' || this.action !== 'reply') return;
    this.#client.send(text);
    this.draft = '';
  }
  retry(key: string): void {
    this.#client.retry(key);
  }
  take(): void {
    if (this.action === 'take') this.#client.take();
  }
  handBack(): void {
    if (this.action === 'reply') this.#client.handBack();
  }
  resolve(): void {
    if (this.action === 'reply') this.#client.resolve();
  }
  /** Whether the conversation holds something that this agent should look at. */
  isUnread(summary: ConversationSummary): boolean {
    return isUnread(summary, this.#readSeq[summary.conversationId]);
  }

  /** The open conversation is on screen, and its end in sight. */
  markSeen(): void {
    const { thread, summary } = this;
    if (thread === null) return;
    if (summary !== null) this.#readSeq[summary.conversationId] = summary.lastSeq;
    // What only the AI or a colleague handles stays unseen: the visitor would take it for our promise.
    if (thread.state !== 'waiting' && this.action !== 'reply') return;
    // Only visitors' messages are marked: a mark is an event itself, and must not call for the next mark.
    const newest = thread.entries.findLast(
      (entry) => entry.kind === 'message' && entry.author.role === 'visitor' && entry.seq !== null,
    );
    const seq = newest?.seq ?? 0;
    if (seq > thread.seenSeq) this.#client.markSeen(seq);
  }
  dismissProblem(): void {
    this.#client.dismissProblem();
  }

  dispose(): void {
    this.#typing.stop();
    this.#stop();
  }

  #read(): void {
    const wasLoaded = this.#snapshot.isInboxLoaded;
    const before = this.summary === null ? null : tabOf(this.summary, this.#snapshot.agentId);
    this.#snapshot = this.#client.getSnapshot();
    const after = this.summary === null ? null : tabOf(this.summary, this.#snapshot.agentId);
    if (!wasLoaded && this.#snapshot.isInboxLoaded) this.#chooseFirstTab();
    else if (before !== null && after !== before && this.#tab === before) this.#followTab();
  }

  /** The open conversation stays in view: the list shows the tab that it stands under. */
  #followTab(): void {
    if (this.summary !== null) this.#tab = tabOf(this.summary, this.#snapshot.agentId);
  }

  #chooseFirstTab(): void {
    if (this.summary !== null) return this.#followTab();
    if (this.#hasChosenTab) return;
    const order: InboxTab[] = ['waiting', 'mine', 'ai', 'others', 'resolved'];
    this.#tab = order.find((tab) => this.groups[tab].length > 0) ?? 'waiting';
  }
}
