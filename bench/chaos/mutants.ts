/** A deliberate fault: a piece of source that is replaced when the module is loaded. */
export interface Mutant {
  name: string;
  /** Path below the repository. */
  file: string;
  find: string;
  replace: string;
  /** Walls of the database that would stop the fault as well, and so must go. */
  setup?: string;
  /** Share of bus messages lost, where the fault shows only then. */
  busLoss?: number;
}

/** Each of these must turn the checker red. */
export const mutants: readonly Mutant[] = [
  {
    name: 'ack-before-commit',
    file: 'server/services/conversation-log.ts',
    find: 'const result = await db.transaction((tx) => appendIn(tx, deps, request, new Date(clock.now())));',
    replace: `const result = await new Promise((resolve, reject) => {
      db.transaction(async (tx) => {
        const early = await appendIn(tx, deps, request, new Date(clock.now()));
        resolve(early);
        await new Promise((later) => setTimeout(later, 60));
        return early;
      }).catch(reject);
    });`,
  },
  {
    name: 'no-dedupe',
    file: 'server/services/conversation-log.ts',
    find: "if (repeatSeq !== null) return { kind: 'repeated', seq: repeatSeq };",
    replace: '',
    setup: 'alter table event drop constraint event_conversation_id_client_id_key',
  },
  {
    name: 'number-without-lock',
    file: 'server/store/conversation.ts',
    find: 'from conversation where id = $1 for update`',
    replace: 'from conversation where id = $1`',
    setup: 'alter table event drop constraint event_pkey',
  },
  {
    name: 'late-answer-counts',
    file: 'server/domain/conversation.ts',
    find: "if (now.state !== 'ai' || now.turnId !== command.turnId) return refuse('stale-turn');",
    replace: '',
  },
  {
    name: 'takeover-keeps-turn',
    file: 'server/domain/conversation.ts',
    find: `return accept(...cutTurn(now, command.partial, 'stopped'), {
    type: 'conversation-assigned',`,
    replace: "return accept({\n    type: 'conversation-assigned',",
  },
  {
    name: 'no-position-check',
    file: 'server/services/live-hub.ts',
    find: 'if (this.#checking !== null) return;',
    replace: 'return;',
    busLoss: 0.9,
  },
  {
    name: 'no-turn-sweep',
    file: 'server/services/turns.ts',
    find: 'const nowMs = deps.clock.now();',
    replace: 'if (deps !== null) return;\n    const nowMs = deps.clock.now();',
  },
  {
    name: 'resume-skips-one',
    file: 'server/services/log-feed.ts',
    find: 'const start = isReplay ? after : 0;',
    replace: 'const start = isReplay ? after + 1 : 0;',
  },
  {
    name: 'told-before-commit',
    file: 'server/services/conversation-log.ts',
    find: 'const status = verdict.events.reduce(evolve, record.status);',
    replace: `const status = verdict.events.reduce(evolve, record.status);
  deps.published(record.id, events);
  await new Promise((later) => setTimeout(later, 30));`,
  },
  {
    name: 'repeat-gets-another-number',
    file: 'server/services/conversation-log.ts',
    find: "return { kind: 'repeated', seq: repeatSeq };",
    replace: "return { kind: 'repeated', seq: record.status.lastSeq };",
  },
  {
    name: 'client-forgets-what-was-on-its-way',
    file: 'server/protocol/client/sender.ts',
    find: 'this.#timers.clearAll();\n    this.#onTheirWay.clear();',
    replace: 'this.#timers.clearAll();',
  },
  {
    name: 'outbox-not-kept',
    file: 'server/protocol/client/sender.ts',
    find: 'void this.#options.outbox.put(entry);',
    replace: '',
  },
];
