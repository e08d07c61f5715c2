import type { Author } from '../entities.ts';
import { protocolVersion } from '../version.ts';
import type { VisitorServerFrame } from '../visitor.ts';
import { createConnection } from './connection.ts';
import { createMemoryOutbox } from './outbox.ts';
import { createSnapshotStore } from './snapshot-store.ts';
import { createThreadSession } from './thread-session.ts';
import type { VisitorClient, VisitorClientOptions, VisitorSnapshot } from './types.ts';
import { uuidV7 } from './uuid.ts';

const self: Author = { role: 'visitor', id: null, name: null };

/** The visitor's side of the protocol (`PROTOCOL.md`): one conversation at a time, over any number of sockets. */
export function createVisitorClient(options: VisitorClientOptions): VisitorClient {
  const now = options.now ?? Date.now;
  const uuid = options.uuid ?? (() => uuidV7(now()));
  const openSocket = options.openSocket ?? ((url: string) => new WebSocket(url));
  const store = createSnapshotStore<VisitorSnapshot>({
    connection: { status: 'idle' },
    agents: null,
    thread: null,
  });
  const patch = (part: Partial<VisitorSnapshot>) => store.set({ ...store.get(), ...part });
  /** True after `startOver`: the server's idea of the present conversation no longer counts. */
  let hasStartedOver = false;
  let isRestored = false;

  const connection = createConnection<VisitorServerFrame>({
    openSocket: () => openSocket(withSite(options.url, options.site)),
    hello: () => ({ type: 'hello', protocol: protocolVersion, site: options.site, token: options.token }),
    isFrame: isVisitorFrame,
    onFrame: receive,
    onState(state) {
      patch({ connection: state });
      if (state.status !== 'online') session.offline();
    },
    now,
    random: options.random ?? Math.random,
  });

  const session = createThreadSession({
    viewer: () => ({ role: 'visitor' }),
    author: () => self,
    write: connection.send,
    outbox: options.outbox ?? createMemoryOutbox(),
    now,
    uuid,
    onChange: (thread) => patch({ thread }),
  });

  function receive(frame: VisitorServerFrame): void {
    if (frame.type === 'welcome') {
      if (session.thread() === null && frame.conversationId !== null && !hasStartedOver) {
        session.open(frame.conversationId, true);
      }
      session.online();
    } else if (frame.type === 'presence') patch({ agents: frame.agents });
    else session.receive(frame);
  }

  function ensureThread(): void {
    if (session.thread() === null) session.open(uuid(), false);
  }

  if (options.conversationId !== null) session.open(options.conversationId, true);

  return {
    getSnapshot: store.get,
    subscribe: store.subscribe,
    connect() {
      connection.connect();
      if (isRestored) return;
      isRestored = true;
      void session.restore();
    },
    close() {
      connection.close();
      session.close();
    },
    send(text) {
      const trimmed = text.trim();
      if (trimmed === '') return;
      ensureThread();
      session.send(trimmed);
    },
    retry: session.retry,
    requestPerson() {
      ensureThread();
      session.requestPerson();
    },
    stopAnswer() {
      const thread = session.thread();
      if (!thread?.turn) return;
      connection.send({
        type: 'answer-stop',
        conversationId: thread.conversationId,
        turnId: thread.turn.turnId,
      });
    },
    setTyping: session.setTyping,
    markSeen: session.markSeen,
    startOver() {
      hasStartedOver = true;
      session.leave();
    },
  };
}

function withSite(url: string, site: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}site=${encodeURIComponent(site)}`;
}

/** The server is trusted by origin, and its frames are checked against the schemas in its own tests. */
function isVisitorFrame(value: unknown): value is VisitorServerFrame {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
