/** Largest list of events that goes over the bus itself; NOTIFY takes 8,000 bytes in all. */
export const conversationEventsLimitBytes = 5_000;
/** Longest piece of text in one bus message, in UTF-16 code units (three bytes each at most). */
export const maxBusTextLength = 2_000;
/** How often what the bus may have lost is looked for. */
export const positionCheckMs = 8_000;
/** Conversations per query of the position check. */
export const positionBatch = 500;
/** Pieces of a streamed answer are gathered this long before they go over the bus. */
export const busDeltaMs = 50;
