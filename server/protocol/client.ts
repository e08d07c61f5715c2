/** The reference client of `PROTOCOL.md`: what the widget, the console, the evals and the tests use. */
export { createVisitorClient } from './client/visitor-client.ts';
export { createAgentClient } from './client/agent-client.ts';
export { createBrowserOutbox, createMemoryOutbox } from './client/outbox.ts';
export type {
  AgentClient,
  AgentSnapshot,
  ClientOptions,
  ConnectionState,
  OutboxEntry,
  OutboxStore,
  OutgoingStatus,
  SocketLike,
  Thread,
  ThreadEntry,
  ThreadMessage,
  ThreadNotice,
  VisitorClient,
  VisitorClientOptions,
  VisitorSnapshot,
} from './client/types.ts';
