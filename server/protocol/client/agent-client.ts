import type { AgentServerFrame, ConversationSummary } from '../agent.ts';
import { protocolVersion } from '../version.ts';
import { createConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import { createMemoryOutbox } from './outbox.ts';
import { createSnapshotStore } from './snapshot-store.ts';
import { createThreadSession } from './thread-session.ts';
import type { ThreadSession } from './thread-session.ts';
import { transportOf } from './transport.ts';
import type { ConnectionState, AgentClient, AgentSnapshot, ClientOptions } from './types.ts';
import { createIds } from './uuid.ts';

type ActionType = 'conversation-take' | 'conversation-return' | 'conversation-resolve';

/** The agent's side of the protocol: the live inbox and one open conversation. */
export function createAgentClient(options: ClientOptions): AgentClient {
  const core = new AgentCore(options);
  const { session, connection } = core;
  return {
    getSnapshot: core.store.get,
    subscribe: core.store.subscribe,
    connect: () => core.connect(),
    close() {
      connection.close();
      session.close();
    },
    open(conversationId) {
      if (session.thread()?.conversationId === conversationId) return;
      core.leave();
      session.open(conversationId, true);
    },
    leave: () => core.leave(),
    send(text) {
      const trimmed = text.trim();
      if (trimmed !== '') session.send(trimmed);
    },
    retry: (key) => session.retry(key),
    take: () => core.act('conversation-take'),
    handBack: () => core.act('conversation-return'),
    resolve: () => core.act('conversation-resolve'),
    setTyping: (isTyping) => session.setTyping(isTyping),
    markSeen: (seq) => session.markSeen(seq),
    setPresence: (presence) => core.setPresence(presence),
    dismissProblem: () => core.patch({ problem: null }),
  };
}

class AgentCore {
  readonly store = createSnapshotStore<AgentSnapshot>({
    connection: { status: 'idle' },
    agentId: null,
    inbox: [],
    isInboxLoaded: false,
    thread: null,
    problem: null,
  });
  readonly connection: Connection;
  readonly session: ThreadSession;
  readonly #uuid: () => string;
  /** Client ids of actions that wait for their ack. */
  readonly #actions = new Set<string>();
  #agentName: string | null = null;
  #presence: 'online' | 'away' = 'online';

  constructor(options: ClientOptions) {
    const now = options.now ?? Date.now;
    const openSocket = transportOf(options);
    this.#uuid = options.uuid ?? createIds(now);
    this.connection = createConnection<AgentServerFrame>({
      openSocket: () => openSocket(options.url),
      hello: () => ({ type: 'hello', protocol: protocolVersion }),
      isFrame: isAgentFrame,
      onFrame: (frame) => this.#receive(frame),
      onState: (state) => this.#connectionChanged(state),
      now,
      random: options.random ?? Math.random,
    });
    this.session = createThreadSession({
      viewer: () => ({ role: 'agent', agentId: this.store.get().agentId }),
      author: () => ({ role: 'agent', id: this.store.get().agentId, name: this.#agentName }),
      write: (frame) => this.connection.send(frame),
      doubt: () => this.connection.doubt(),
      outbox: options.outbox ?? createMemoryOutbox(),
      now,
      uuid: this.#uuid,
      onChange: (thread) => this.patch({ thread }),
    });
  }

  /** Connects, and takes up what an earlier page could not send. */
  connect(): void {
    this.connection.connect();
    void this.session.restore(false);
  }

  patch(part: Partial<AgentSnapshot>): void {
    this.store.set({ ...this.store.get(), ...part });
  }

  act(type: ActionType): void {
    const conversationId = this.session.thread()?.conversationId;
    if (conversationId === undefined) return;
    const clientId = this.#uuid();
    if (this.connection.send({ type, clientId, conversationId })) this.#actions.add(clientId);
    else this.#fail('offline', 'There is no connection. Try again in a moment.');
  }

  leave(): void {
    const conversationId = this.session.thread()?.conversationId;
    if (conversationId !== undefined) this.connection.send({ type: 'conversation-close', conversationId });
    this.session.leave();
  }

  setPresence(presence: 'online' | 'away'): void {
    this.#presence = presence;
    this.connection.send({ type: 'presence-set', presence });
  }

  #fail(code: string, message: string): void {
    this.patch({ problem: { code, message } });
  }

  #connectionChanged(connection: ConnectionState): void {
    this.patch({ connection });
    if (connection.status === 'online') return;
    this.session.offline();
    if (this.#actions.size === 0) return;
    this.#actions.clear();
    this.#fail('offline', 'The connection was lost. Check whether the last action was done.');
  }

  #receive(frame: AgentServerFrame): void {
    switch (frame.type) {
      case 'welcome':
        this.#agentName = frame.agentName;
        this.patch({ agentId: frame.agentId });
        this.connection.send({ type: 'presence-set', presence: this.#presence });
        this.session.online();
        // what another tab left that is gone
        void this.session.restore(false);
        return;
      case 'inbox':
        this.patch({ inbox: sorted(frame.conversations), isInboxLoaded: true });
        return;
      case 'inbox-changed':
        this.patch({ inbox: withSummary(this.store.get().inbox, frame.conversation) });
        return;
      case 'visitor-presence':
        this.patch({ inbox: withPresence(this.store.get().inbox, frame) });
        return;
      case 'nack':
        if (this.#actions.delete(frame.clientId)) this.#fail(frame.code, frame.message);
        else this.session.receive(frame);
        return;
      case 'ack':
        this.#actions.delete(frame.clientId);
        this.session.receive(frame);
        return;
      default:
        this.session.receive(frame);
    }
  }
}

/** Newest change first. */
function sorted(inbox: readonly ConversationSummary[]): ConversationSummary[] {
  return [...inbox].sort((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1));
}

/** The inbox with one line replaced or added; an older state of a conversation never replaces a newer one. */
function withSummary(
  inbox: readonly ConversationSummary[],
  summary: ConversationSummary,
): readonly ConversationSummary[] {
  const known = inbox.find((other) => other.conversationId === summary.conversationId);
  if (known !== undefined && known.lastSeq > summary.lastSeq) return inbox;
  return sorted([...inbox.filter((other) => other !== known), summary]);
}

/** The inbox with a visitor's coming or going. */
function withPresence(
  inbox: readonly ConversationSummary[],
  { visitorId, isOnline }: { visitorId: string; isOnline: boolean },
): readonly ConversationSummary[] {
  const isNews = (line: ConversationSummary) =>
    line.visitorId === visitorId && line.isVisitorOnline !== isOnline;
  if (!inbox.some(isNews)) return inbox;
  return inbox.map((line) => (isNews(line) ? { ...line, isVisitorOnline: isOnline } : line));
}

/** The server is trusted by origin, and its frames are checked against the schemas in its own tests. */
function isAgentFrame(value: unknown): value is AgentServerFrame {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
