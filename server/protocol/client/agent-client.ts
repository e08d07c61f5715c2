import type { AgentServerFrame, ConversationSummary } from '../agent.ts';
import { protocolVersion } from '../version.ts';
import { createConnection } from './connection.ts';
import { createMemoryOutbox } from './outbox.ts';
import { createSnapshotStore } from './snapshot-store.ts';
import { createThreadSession } from './thread-session.ts';
import type { AgentClient, AgentSnapshot, ClientOptions } from './types.ts';
import { uuidV7 } from './uuid.ts';

type ActionType = 'conversation-take' | 'conversation-return' | 'conversation-resolve';

/** The agent's side of the protocol: the live inbox and one open conversation. */
export function createAgentClient(options: ClientOptions): AgentClient {
  const now = options.now ?? Date.now;
  const uuid = options.uuid ?? (() => uuidV7(now()));
  const openSocket = options.openSocket ?? ((url: string) => new WebSocket(url));
  const store = createSnapshotStore<AgentSnapshot>({
    connection: { status: 'idle' },
    agentId: null,
    inbox: [],
    isInboxLoaded: false,
    thread: null,
    problem: null,
  });
  const patch = (part: Partial<AgentSnapshot>) => store.set({ ...store.get(), ...part });
  const actions = new Set<string>();
  let agentName: string | null = null;
  let presence: 'online' | 'away' = 'online';

  const connection = createConnection<AgentServerFrame>({
    openSocket: () => openSocket(options.url),
    hello: () => ({ type: 'hello', protocol: protocolVersion }),
    isFrame: isAgentFrame,
    onFrame: receive,
    onState(state) {
      patch({ connection: state });
      if (state.status !== 'online') offline();
    },
    now,
    random: options.random ?? Math.random,
  });

  const session = createThreadSession({
    viewer: () => ({ role: 'agent', agentId: store.get().agentId }),
    author: () => ({ role: 'agent', id: store.get().agentId, name: agentName }),
    write: connection.send,
    outbox: options.outbox ?? createMemoryOutbox(),
    now,
    uuid,
    onChange: (thread) => patch({ thread }),
  });

  function offline(): void {
    session.offline();
    if (actions.size === 0) return;
    actions.clear();
    patch({ problem: { code: 'offline', message: 'The connection was lost. Look whether it was done.' } });
  }

  function receive(frame: AgentServerFrame): void {
    switch (frame.type) {
      case 'welcome':
        agentName = frame.agentName;
        patch({ agentId: frame.agentId });
        connection.send({ type: 'presence-set', presence });
        session.online();
        return;
      case 'inbox':
        patch({ inbox: sorted(frame.conversations), isInboxLoaded: true });
        return;
      case 'inbox-changed':
        patch({ inbox: withSummary(store.get().inbox, frame.conversation) });
        return;
      case 'ack':
        actions.delete(frame.clientId);
        session.receive(frame);
        return;
      case 'nack':
        if (actions.delete(frame.clientId)) patch({ problem: { code: frame.code, message: frame.message } });
        else session.receive(frame);
        return;
      default:
        session.receive(frame);
    }
  }

  function act(type: ActionType): void {
    const conversationId = session.thread()?.conversationId;
    if (conversationId === undefined) return;
    const clientId = uuid();
    if (connection.send({ type, clientId, conversationId })) actions.add(clientId);
    else patch({ problem: { code: 'offline', message: 'There is no connection. Try again in a moment.' } });
  }

  function leave(): void {
    const conversationId = session.thread()?.conversationId;
    if (conversationId !== undefined) connection.send({ type: 'conversation-close', conversationId });
    session.leave();
  }

  return {
    getSnapshot: store.get,
    subscribe: store.subscribe,
    connect: connection.connect,
    close() {
      connection.close();
      session.close();
    },
    open(conversationId) {
      if (session.thread()?.conversationId === conversationId) return;
      leave();
      session.open(conversationId, true);
    },
    leave,
    send(text) {
      const trimmed = text.trim();
      if (trimmed !== '') session.send(trimmed);
    },
    retry: session.retry,
    take: () => act('conversation-take'),
    handBack: () => act('conversation-return'),
    resolve: () => act('conversation-resolve'),
    setTyping: session.setTyping,
    markSeen: session.markSeen,
    setPresence(next) {
      presence = next;
      connection.send({ type: 'presence-set', presence });
    },
    dismissProblem: () => patch({ problem: null }),
  };
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

/** The server is trusted by origin, and its frames are checked against the schemas in its own tests. */
function isAgentFrame(value: unknown): value is AgentServerFrame {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
