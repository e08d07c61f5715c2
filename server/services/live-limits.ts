/** Largest list of events that goes over the bus itself; NOTIFY takes 8,000 bytes in all. */
export const conversationEventsLimitBytes = 5_000;
/** Text in one bus message, in UTF-16 code units: six bytes each at most, as JSON escapes. */
export const maxBusTextLength = 700;
/** Pieces of text in one bus message: each has 150 bytes around its text. */
export const maxBusPieces = 16;
/** How long things take; tests take less. */
export interface LiveTimings {
  /** How often what the bus may have lost is looked for. */
  positionCheckMs: number;
  /** How long the writer of an AI turn may be silent before another instance takes the turn over. */
  turnLeaseMs: number;
  /** How often turns without a living writer are looked for. */
  turnSweepMs: number;
  /** Typing that is not repeated for this long is over; clients repeat every 3 s. */
  typingLifeMs: number;
  /** How long a visitor without any connection still counts as there: a reload takes less. */
  visitorGraceMs: number;
  /** How often an instance says that it lives, and looks who else is there. */
  presenceRenewMs: number;
}

export const defaultTimings: LiveTimings = {
  positionCheckMs: 8_000,
  turnLeaseMs: 10_000,
  turnSweepMs: 3_000,
  typingLifeMs: 6_000,
  visitorGraceMs: 4_000,
  presenceRenewMs: 12_000,
};

/** Visitors named in one bus message. */
export const maxBusVisitors = 150;
/** Conversations per query of the position check. */
export const positionBatch = 500;
/** Pieces of a streamed answer are gathered this long before they go over the bus. */
export const busDeltaMs = 50;
/** Pieces of a streamed answer that follow each other this closely are shown together. */
export const deltaWindowMs = 25;
