import type { Command, Person } from '../domain/conversation.ts';
import type { Ids } from '../ports.ts';
import type { AppendRequest, ConversationLog } from './conversation-log.ts';
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
  const { log, ids } = deps;

  async function append(
    conversationId: string,
    clientId: string | null,
    command: AppendRequest['command'],
  ): Promise<Outcome> {
    return outcomeOf(await log.append({ conversationId, clientId, owner: null, command }));
  }

  return {
    take: ({ agent, conversationId, clientId }) =>
      append(conversationId, clientId, (now) => ({
        type: 'take',
        agent,
        partial: partialOf(deps, conversationId, now.turnId),
      })),
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
