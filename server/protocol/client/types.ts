import type { ConversationSummary } from '../agent.ts';
import type {
  AnswerSummary,
  Author,
  Citation,
  ConversationState,
  HandoffPacket,
  HandoffReason,
} from '../entities.ts';

/** `waiting`: between two attempts; `refused`: the server will not have us, `reason` says why. */
export type ConnectionState =
  | { status: 'idle' | 'connecting' | 'online' }
  | { status: 'waiting'; retryAtMs: number }
  | { status: 'refused'; reason: string };

/** How far an own message has come. `failed` may be sent again with `retry`. */
export type OutgoingStatus = 'queued' | 'sent' | 'delivered' | 'seen' | 'failed';

export interface ThreadMessage {
  kind: 'message';
  /**
   * Stable from the first sight on: the client id of own messages, the turn id of the AI's (the same while it
   * streams and when it stands in the log), else the message id.
   */
  key: string;
  /** Null until the server has given the message its place. */
  seq: number | null;
  at: string;
  author: Author;
  text: string;
  citations: readonly Citation[];
  status: 'streaming' | 'complete' | 'stopped' | 'incomplete';
  /** Null for messages of others. */
  outgoing: { status: OutgoingStatus; error: string | null } | null;
  turnId: string | null;
  answer: AnswerSummary | null;
}

export interface ThreadNotice {
  kind: 'notice';
  key: string;
  seq: number;
  at: string;
  notice:
    | { type: 'handoff-requested'; reason: HandoffReason; text: string; packet: HandoffPacket | null }
    | { type: 'assigned' | 'returned'; agentName: string }
    | { type: 'resolved'; agentName: string | null }
    | { type: 'reopened' };
}

export type ThreadEntry = ThreadMessage | ThreadNotice;

/** One conversation as a screen shows it; a new object on every change. */
export interface Thread {
  conversationId: string;
  state: ConversationState;
  /** In log order; own unacknowledged messages last. */
  entries: readonly ThreadEntry[];
  /** The AI turn under way: its step until the first word, then `writing`. */
  turn: { turnId: string; step: 'searching' | 'reading' | 'writing' | 'checking' } | null;
  /** Who else is typing now; for agents with what is typed, where the site shows it. */
  typing: { role: 'visitor' | 'agent'; name: string | null; text: string | null } | null;
  agentName: string | null;
  lastSeq: number;
  /** Newest event that the other side has seen. */
  seenByOtherSeq: number;
  /** Newest event that our side has marked as seen. */
  seenSeq: number;
  /** False until the first `resumed` of this page's life. */
  isLoaded: boolean;
}

export interface VisitorSnapshot {
  connection: ConnectionState;
  /** Whether people are there to take over; null before the server has said. */
  agents: 'online' | 'away' | 'offline' | null;
  /** True: agents see what is typed before it is sent, and the visitor has to be told so. */
  isTypingShown: boolean;
  /** Null before the first message of a new conversation. */
  thread: Thread | null;
}

/** What the widget needs. Methods never throw on a lost connection: they queue. */
export interface VisitorClient {
  getSnapshot(): VisitorSnapshot;
  /** Calls `listener` after every change, at most once per microtask; gives the way to stop. */
  subscribe(listener: () => void): () => void;
  connect(): void;
  close(): void;
  send(text: string): void;
  retry(key: string): void;
  requestPerson(): void;
  stopAnswer(): void;
  /** Call it on every change of what is typed. */
  setTyping(text: string): void;
  markSeen(seq: number): void;
  /** Says whether an answer of the present thread helped. */
  judgeAnswer(answerId: string, isRight: boolean): void;
  /** Leaves the present thread; the next message begins a new conversation. */
  startOver(): void;
}

export interface AgentSnapshot {
  connection: ConnectionState;
  agentId: string | null;
  inbox: readonly ConversationSummary[];
  isInboxLoaded: boolean;
  thread: Thread | null;
  /** The newest refused action, for a toast. */
  problem: { code: string; message: string } | null;
}

/** What the console needs; one conversation is open at a time. */
export interface AgentClient {
  getSnapshot(): AgentSnapshot;
  subscribe(listener: () => void): () => void;
  connect(): void;
  close(): void;
  open(conversationId: string): void;
  leave(): void;
  send(text: string): void;
  retry(key: string): void;
  take(): void;
  handBack(): void;
  resolve(): void;
  setTyping(isTyping: boolean): void;
  markSeen(seq: number): void;
  setPresence(presence: 'online' | 'away'): void;
  dismissProblem(): void;
}

/** The members of a browser's or `ws`'s WebSocket that the client uses. */
export interface SocketLike {
  readonly readyState: number;
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: never) => void) | null;
  /** Called with an object whose `data` is the frame's text. */
  onmessage: ((event: never) => void) | null;
  /** Called once with an object that has `code` and `reason`. */
  onclose: ((event: never) => void) | null;
  onerror: ((event: never) => void) | null;
}

/** Where unsent messages wait; lost when the page is, unless it is kept in IndexedDB. */
export interface OutboxStore {
  load(): Promise<readonly OutboxEntry[]>;
  put(entry: OutboxEntry): Promise<void>;
  remove(clientId: string): Promise<void>;
}

export interface OutboxEntry {
  clientId: string;
  conversationId: string;
  kind: 'message' | 'handoff-request';
  text: string;
  at: string;
  /** An agent's: newest event that was on the screen when they wrote. */
  seenSeq?: number;
  /** Why the server refused it for good; it waits until its author sends it again. */
  error?: string;
}

export interface ClientOptions {
  /** `ws:` or `wss:` address of `/ws/visitor` or `/ws/agent`. */
  url: string;
  openSocket?: (url: string) => SocketLike;
  /** Where WebSocket is blocked. Without it: event stream and POST, unless `openSocket` is given. */
  openFallback?: (url: string) => SocketLike;
  /** First pause until WebSocket is tried again from the fallback; 30 s. */
  probeMs?: number;
  outbox?: OutboxStore;
  now?: () => number;
  random?: () => number;
  uuid?: () => string;
}

export interface VisitorClientOptions extends ClientOptions {
  site: string;
  /** The in-memory session token, for browsers that drop the cookie. */
  token: string | null;
  conversationId: string | null;
}
