/** A deliberate fault: a piece of source that is replaced when the module is loaded, or of the database. */
export interface Mutant {
  name: string;
  /** In a file below the repository; null: the fault is one of the database alone. */
  source: { file: string; find: string; replace: string } | null;
  /** A fault in the database, or walls of it that would stop the fault as well, and so must go. */
  setup?: string;
  /** Share of bus messages lost, where the fault shows only then. */
  busLoss?: number;
  /** People, where the fault shows only with many. */
  visitors?: number;
}

/** SQL that changes a piece of a function; fails where there is no such piece. */
function inFunction(signature: string, find: string, replace: string): string {
  return `do $mutate$ declare
      source text := pg_get_functiondef('${signature}'::regprocedure);
    begin
      if position('${find}' in source) = 0 then raise 'the mutant no longer fits ${signature}'; end if;
      execute replace(source, '${find}', '${replace}');
    end $mutate$;`;
}

/** Each of these must turn the checker red. */
export const mutants: readonly Mutant[] = [
  {
    name: 'ack-before-commit',
    source: {
      file: 'server/services/conversation-log.ts',
      find: 'const { result, record } = await db.transaction((tx) => appendIn(tx, deps, request, at));',
      replace: `const { result, record } = await new Promise((resolve, reject) => {
      db.transaction(async (tx) => {
        const early = await appendIn(tx, deps, request, at);
        resolve(early);
        await new Promise((later) => setTimeout(later, 60));
        return early;
      }).catch(reject);
    });`,
    },
  },
  {
    name: 'ack-before-commit-of-a-group',
    source: {
      file: 'server/services/append-group.ts',
      find: 'const taken = await write(deps.db, onePerConversation(plans));',
      replace: `const taken = new Set(onePerConversation(plans));
  void new Promise((later) => setTimeout(later, 60)).then(() => write(deps.db, [...taken])).catch(() => {});`,
    },
  },
  {
    name: 'no-dedupe',
    source: {
      file: 'server/services/conversation-log.ts',
      find: "if (repeatSeq !== null) return { result: { kind: 'repeated', seq: repeatSeq }, record };",
      replace: '',
    },
    setup: `alter table event drop constraint event_conversation_id_client_id_key;
      ${inFunction('append_events(jsonb)', 'where e.conversation_id = change.id and e.client_id = change.client_id', 'where false')}`,
  },
  {
    name: 'number-without-lock',
    source: null,
    setup: `alter table event drop constraint event_pkey;
      ${inFunction('lock_conversation(uuid, uuid, text, uuid, text, timestamptz)', 'for update', '')}
      ${inFunction('append_events(jsonb)', 'and c.last_seq = change.begins_at', '')}
      ${inFunction('append_events(jsonb)', 'for update skip locked', '')}`,
  },
  {
    name: 'old-state-counts',
    source: null,
    setup: `alter table event drop constraint event_pkey;
      ${inFunction('append_events(jsonb)', 'and c.last_seq = change.begins_at', '')}`,
  },
  {
    name: 'what-was-left-alone-counts-as-kept',
    source: {
      file: 'server/services/append-group.ts',
      find: 'plans.filter(({ record }) => ids.has(record.id))',
      replace: 'plans.filter(() => ids.size >= 0)',
    },
  },
  {
    name: 'late-answer-counts',
    source: {
      file: 'server/domain/conversation.ts',
      find: "if (now.state !== 'ai' || now.turnId !== command.turnId) return refuse('stale-turn');",
      replace: '',
    },
    // somebody has to take over just while an answer ends
    visitors: 32,
  },
  {
    name: 'takeover-keeps-turn',
    source: {
      file: 'server/domain/conversation.ts',
      find: `return accept(...cutTurn(now, command.partial, 'stopped'), {
    type: 'conversation-assigned',`,
      replace: "return accept({\n    type: 'conversation-assigned',",
    },
  },
  {
    name: 'no-position-check',
    source: {
      file: 'server/services/live-hub.ts',
      find: 'if (this.#checking !== null) return;',
      replace: 'return;',
    },
    busLoss: 0.9,
  },
  {
    name: 'no-turn-sweep',
    source: {
      file: 'server/services/turns.ts',
      find: 'const nowMs = deps.clock.now();',
      replace: 'if (deps !== null) return;\n    const nowMs = deps.clock.now();',
    },
    // at the last kill somebody's answer has to be under way who then says nothing more
    visitors: 32,
  },
  {
    name: 'resume-skips-one',
    source: {
      file: 'server/services/log-feed.ts',
      find: 'const start = isReplay ? after : 0;',
      replace: 'const start = isReplay ? after + 1 : 0;',
    },
  },
  {
    name: 'told-before-commit',
    source: {
      file: 'server/services/append-group.ts',
      find: 'const taken = await write(deps.db, onePerConversation(plans));',
      replace: `for (const plan of plans) if (plan !== null) deps.published(plan.record.id, plan.events);
  await new Promise((later) => setTimeout(later, 30));
  const taken = await write(deps.db, onePerConversation(plans));`,
    },
  },
  {
    name: 'repeat-gets-another-number',
    source: {
      file: 'server/services/conversation-log.ts',
      find: "return { result: { kind: 'repeated', seq: repeatSeq }, record };",
      replace: "return { result: { kind: 'repeated', seq: record.status.lastSeq }, record };",
    },
  },
  {
    name: 'client-forgets-what-was-on-its-way',
    source: {
      file: 'server/protocol/client/sender.ts',
      find: 'this.#timers.clearAll();\n    this.#onTheirWay.clear();',
      replace: 'this.#timers.clearAll();',
    },
  },
  {
    name: 'outbox-not-kept',
    source: {
      file: 'server/protocol/client/sender.ts',
      find: 'void this.#options.outbox.put(entry);',
      replace: '',
    },
  },
];
