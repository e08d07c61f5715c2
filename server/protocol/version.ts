/** Raised by one on every change that an older peer would misread; exchanged in `hello`. */
export const protocolVersion = 1;

/** Largest frame that the server accepts, in bytes. */
export const maxFrameBytes = 64 * 1024;

/** Longest message text, in UTF-16 code units. */
export const maxMessageLength = 4000;

/** Longest end of an unsent text that agents see while it is typed, in UTF-16 code units. */
export const maxPreviewLength = 500;

/** Reasons a server closes a socket, sent as the close reason. */
export const closeReasons = {
  protocolTooOld: { code: 4000, reason: 'protocol-too-old' },
  protocolTooNew: { code: 4001, reason: 'protocol-too-new' },
  unauthenticated: { code: 4003, reason: 'unauthenticated' },
  sessionRevoked: { code: 4004, reason: 'session-revoked' },
  helloTimeout: { code: 4005, reason: 'hello-timeout' },
  invalidFrame: { code: 4006, reason: 'invalid-frame' },
  rateLimited: { code: 4008, reason: 'rate-limited' },
  backlog: { code: 4009, reason: 'backlog' },
  heartbeatMissed: { code: 4010, reason: 'heartbeat-missed' },
  draining: { code: 1012, reason: 'draining' },
  unavailable: { code: 1013, reason: 'unavailable' },
} as const;
