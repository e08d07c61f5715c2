import type { Command, Person } from '../domain/conversation.ts';
import type { Database, Ids } from '../ports.ts';
import { findConversation } from '../store/conversation.ts';
import type { ConversationLog } from './conversation-log.ts';
import { outcomeOf } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import type { LiveHub } from './live-hub.ts';
import { partialOf } from './turn-runner.ts';

export interface AgentCommand {
  agent: Person;
  conversationId: string;
  clientId: string;
}

export interface HandoffDeps {
  db: Database;
  log: ConversationLog;
  hub: LiveHub;
  ids: Ids;
}

/** What agents do in conversations. Each throws AppError `not-found` when there is no such conversation. */
export interface Handoff {
  /** Of several who try at once, one gets it. From its number on the AI writes nothing. */
  take(command: AgentCommand): Promise<Outcome>;
  /** `seenSeq`: newest event on the agent's screen; refused as `behind` when a colleague came after it. */
  reply(command: AgentCommand & { text: string; seenSeq?: number | undefined }): Promise<Outcome>;
  handBack(command: AgentCommand): Promise<Outcome>;
  resolve(command: AgentCommand): Promise<Outcome>;
  markSeen(command: Omit<AgentCommand, 'clientId'> & { seq: number }): Promise<Outcome>;
}

export function createHandoff(deps: HandoffDeps): Handoff {
  const { db, log, ids } = deps;

  async function append(conversationId: string, clientId: string | null, command: Command): Promise<Outcome> {
    return outcomeOf(await log.append({ conversationId, clientId, owner: null, command }));
  }

  return {
    async take({ agent, conversationId, clientId }) {
      const record = await findConversation(db, conversationId);
      const partial = partialOf(deps, conversationId, record?.status.turnId ?? null);
      return append(conversationId, clientId, { type: 'take', agent, partial });
    },
    async reply({ agent, conversationId, clientId, text, seenSeq }) {
      const command: Command = { type: 'agent-message', messageId: ids.uuid(), agent, text };
      const seen = seenSeq === undefined ? {} : { seen: { agentId: agent.id, seq: seenSeq } };
      return outcomeOf(await log.append({ conversationId, clientId, owner: null, command, ...seen }));
    },
    handBack: ({ agent, conversationId, clientId }) =>
      append(conversationId, clientId, { type: 'return', agent }),
    resolve: ({ agent, conversationId, clientId }) =>
      append(conversationId, clientId, { type: 'resolve', agent }),
    markSeen: ({ conversationId, seq }) =>
      append(conversationId, null, { type: 'mark-seen', by: 'agent', upToSeq: seq }),
  };
}
