import type { Author } from '../entities.ts';
import { protocolVersion } from '../version.ts';
import type { VisitorServerFrame } from '../visitor.ts';
import { createConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import { createMemoryOutbox } from './outbox.ts';
import { createSnapshotStore } from './snapshot-store.ts';
import { createThreadSession } from './thread-session.ts';
import type { ThreadSession } from './thread-session.ts';
import { transportOf } from './transport.ts';
import type { ConnectionState, VisitorClient, VisitorClientOptions, VisitorSnapshot } from './types.ts';
import { createIds } from './uuid.ts';

const self: Author = { role: 'visitor', id: null, name: null };

/** The visitor's side of the protocol (`PROTOCOL.md`): one conversation at a time, over any number of sockets. */
export function createVisitorClient(options: VisitorClientOptions): VisitorClient {
  const core = new VisitorCore(options);
  const { session, connection } = core;
  return {
    getSnapshot: core.store.get,
    subscribe: core.store.subscribe,
    connect: () => core.connect(),
    close() {
      connection.close();
      session.close();
    },
    send(text) {
      const trimmed = text.trim();
      if (trimmed === '') return;
      core.ensureThread();
      session.send(trimmed);
    },
    retry: (key) => session.retry(key),
    requestPerson() {
      core.ensureThread();
      session.requestPerson();
    },
    stopAnswer() {
      const thread = session.thread();
      if (!thread?.turn) return;
      const { conversationId, turn } = thread;
      connection.send({ type: 'answer-stop', conversationId, turnId: turn.turnId });
    },
    setTyping(text) {
      session.setTyping(text.trim() !== '', core.store.get().isTypingShown ? text : null);
    },
    markSeen: (seq) => session.markSeen(seq),
    judgeAnswer(answerId, isRight) {
      const conversationId = session.thread()?.conversationId;
      if (conversationId !== undefined) {
        connection.send({ type: 'answer-judge', conversationId, answerId, isRight });
      }
    },
    startOver: () => core.startOver(),
  };
}

class VisitorCore {
  readonly store = createSnapshotStore<VisitorSnapshot>({
    connection: { status: 'idle' },
    agents: null,
    isTypingShown: false,
    thread: null,
  });
  readonly connection: Connection;
  readonly session: ThreadSession;
  readonly #uuid: () => string;
  /** True after `startOver`: the server's idea of the present conversation no longer counts. */
  #hasStartedOver = false;

  constructor(options: VisitorClientOptions) {
    const now = options.now ?? Date.now;
    const openSocket = transportOf(options);
    const { site, token } = options;
    this.#uuid = options.uuid ?? createIds(now);
    this.connection = createConnection<VisitorServerFrame>({
      openSocket: () => openSocket(withSite(options.url, site)),
      hello: () => ({ type: 'hello', protocol: protocolVersion, site, token }),
      isFrame: isVisitorFrame,
      onFrame: (frame) => this.#receive(frame),
      onState: (state) => this.#connectionChanged(state),
      now,
      random: options.random ?? Math.random,
    });
    this.session = createThreadSession({
      viewer: () => ({ role: 'visitor' }),
      author: () => self,
      write: (frame) => this.connection.send(frame),
      doubt: () => this.connection.doubt(),
      outbox: options.outbox ?? createMemoryOutbox(),
      now,
      uuid: this.#uuid,
      onChange: (thread) => this.#patch({ thread }),
    });
    if (options.conversationId !== null) this.session.open(options.conversationId, true);
  }

  connect(): void {
    this.connection.connect();
    this.#restore();
  }

  ensureThread(): void {
    if (this.session.thread() === null) this.session.open(this.#uuid(), false);
  }

  startOver(): void {
    this.#hasStartedOver = true;
    this.session.leave();
  }

  /** What a page left that is gone: an earlier one at first, another tab whenever there is a way again. */
  #restore(): void {
    void this.session.restore(!this.#hasStartedOver).then(() => this.#openRefused());
  }

  /** Where there is no other conversation, the one of a message that could not be sent is shown. */
  #openRefused(): void {
    const conversationId = this.session.refusedIn();
    const isFree = this.session.thread() === null && !this.#hasStartedOver;
    if (isFree && conversationId !== null && this.connection.isOnline())
      this.session.open(conversationId, true);
  }

  #patch(part: Partial<VisitorSnapshot>): void {
    this.store.set({ ...this.store.get(), ...part });
  }

  #connectionChanged(connection: ConnectionState): void {
    this.#patch({ connection });
    if (connection.status !== 'online') this.session.offline();
  }

  #receive(frame: VisitorServerFrame): void {
    if (frame.type === 'welcome') {
      this.#patch({ isTypingShown: frame.isTypingShown });
      // first what is shown already: what is opened here asks for its log itself, and a log is asked for once
      this.session.online();
      if (this.session.thread() === null && frame.conversationId !== null && !this.#hasStartedOver) {
        this.session.open(frame.conversationId, true);
      }
      this.#openRefused();
      this.#restore();
    } else if (frame.type === 'presence') this.#patch({ agents: frame.agents });
    else this.session.receive(frame);
  }
}

function withSite(url: string, site: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}site=${encodeURIComponent(site)}`;
}

/** The server is trusted by origin, and its frames are checked against the schemas in its own tests. */
function isVisitorFrame(value: unknown): value is VisitorServerFrame {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
