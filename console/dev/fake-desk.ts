import { randomUUID } from 'node:crypto';
import { WebSocket, type WebSocketServer } from 'ws';
import type { z } from 'zod';
import { agentClientFrameSchema, type AgentServerFrame } from '../../server/protocol/agent.ts';
import type { ConversationSummary } from '../../server/protocol/agent.ts';
import type { EventBody } from '../../server/protocol/entities.ts';
import { protocolVersion } from '../../server/protocol/version.ts';
import { owner, seedConversations, sites, type FakeConversation } from './fake-data.ts';

const reply =
  'Parcels inside the country arrive within two to three working days [1]. If yours is later, write to us with the order number, and we ask the carrier where it is.';

const summarise = (conversation: FakeConversation): ConversationSummary => {
  const newest = conversation.events.findLast((event) => event.body.type === 'message-added');
  const body = newest?.body.type === 'message-added' ? newest.body : null;
  const handoff = conversation.events.findLast((event) => event.body.type === 'handoff-requested')?.body;
  return {
    conversationId: conversation.id,
    siteId: conversation.siteId,
    siteName: sites.find((site) => site.id === conversation.siteId)?.name ?? conversation.siteId,
    visitorId: conversation.visitorId,
    visitorName: conversation.visitorName,
    state: conversation.state,
    agentId: conversation.agentId,
    agentName: conversation.agentName,
    lastSeq: conversation.events.length,
    preview: (body?.text ?? '').slice(0, 160),
    previewRole: body?.author.role ?? 'visitor',
    startedAt: conversation.events[0]?.at ?? new Date().toISOString(),
    updatedAt: conversation.events.at(-1)?.at ?? new Date().toISOString(),
    waitingSince: conversation.waitingSince,
    handoffReason: handoff?.type === 'handoff-requested' ? handoff.reason : null,
    agentSeenSeq: conversation.agentSeenSeq,
    isVisitorOnline: conversation.state !== 'resolved',
  };
};

const resume = (conversation: FakeConversation): AgentServerFrame => ({
  type: 'resumed',
  conversationId: conversation.id,
  epoch: 'fake',
  mode: 'snapshot',
  upTo: conversation.events.length,
  state: conversation.state,
  events: conversation.events,
  turn: null,
});

const createDesk = (server: WebSocketServer) => {
  const conversations = new Map(seedConversations().map((one) => [one.id, one]));

  const broadcast = (frame: AgentServerFrame): void => {
    for (const socket of server.clients) {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
    }
  };
  const add = (conversation: FakeConversation, body: EventBody, clientId: string | null = null): number => {
    const seq = conversation.events.length + 1;
    const event = { conversationId: conversation.id, seq, at: new Date().toISOString(), clientId, body };
    conversation.events.push(event);
    broadcast({ type: 'event', event });
    broadcast({ type: 'inbox-changed', conversation: summarise(conversation) });
    return seq;
  };

  const change = (
    conversation: FakeConversation,
    type: 'conversation-take' | 'conversation-return' | 'conversation-resolve',
    clientId: string,
  ): number => {
    const agent = { agentId: owner.id, agentName: owner.name };
    conversation.waitingSince = null;
    const isTaken = type === 'conversation-take';
    Object.assign(conversation, isTaken ? agent : { agentId: null, agentName: null });
    conversation.state = isTaken ? 'human' : type === 'conversation-return' ? 'ai' : 'resolved';
    const types = {
      'conversation-take': 'conversation-assigned',
      'conversation-return': 'conversation-returned',
      'conversation-resolve': 'conversation-resolved',
    } as const;
    return add(conversation, { type: types[type], ...agent }, clientId);
  };

  /** The AI writes an answer, word by word, into the first conversation that it holds. */
  const stream = async (): Promise<string> => {
    const conversation = [...conversations.values()].find((one) => one.state === 'ai');
    if (conversation === undefined) throw new Error('No conversation is with the AI.');
    const turnId = randomUUID();
    const at = { conversationId: conversation.id, turnId };
    add(conversation, { type: 'turn-started', turnId });
    broadcast({ type: 'answer-step', ...at, step: 'searching' });
    await new Promise((resolve) => setTimeout(resolve, 1200));
    let offset = 0;
    for (const word of reply.split(/(?<= )/)) {
      broadcast({ type: 'answer-delta', ...at, offset, text: word });
      offset += word.length;
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    return conversation.id;
  };

  return { conversations, add, change, stream, broadcast };
};

type Desk = ReturnType<typeof createDesk>;
type Frame = z.infer<typeof agentClientFrameSchema>;

const answer = (
  desk: Desk,
  frame: Exclude<Frame, { type: 'hello' }>,
  send: (frame: AgentServerFrame) => void,
): void => {
  const conversation = 'conversationId' in frame ? desk.conversations.get(frame.conversationId) : undefined;
  if (conversation === undefined) return;
  switch (frame.type) {
    case 'resume':
      return send(resume(conversation));
    case 'message-send': {
      const author = { role: 'agent' as const, id: owner.id, name: owner.name };
      const added = { messageId: randomUUID(), author, text: frame.text, citations: [] };
      const body: EventBody = {
        type: 'message-added',
        ...added,
        status: 'complete',
        turnId: null,
        answer: null,
      };
      const seq = desk.add(conversation, body, frame.clientId);
      return send({ type: 'ack', clientId: frame.clientId, conversationId: conversation.id, seq });
    }
    case 'conversation-take':
    case 'conversation-return':
    case 'conversation-resolve': {
      const seq = desk.change(conversation, frame.type, frame.clientId);
      return send({ type: 'ack', clientId: frame.clientId, conversationId: conversation.id, seq });
    }
    case 'seen-mark':
      conversation.agentSeenSeq = Math.max(conversation.agentSeenSeq, frame.seq);
      return desk.broadcast({ type: 'inbox-changed', conversation: summarise(conversation) });
    default:
  }
};

/** A desk in memory that speaks the agents' protocol over real sockets, for looking at the screens. */
export const createFakeDesk = (server: WebSocketServer): Desk => {
  const desk = createDesk(server);
  server.on('connection', (socket) => {
    const send = (frame: AgentServerFrame) => socket.send(JSON.stringify(frame));
    socket.on('message', (data) => {
      const frame = agentClientFrameSchema.parse(JSON.parse(String(data)));
      if (frame.type !== 'hello') return answer(desk, frame, send);
      const who = { agentId: owner.id, agentName: owner.name, role: owner.role };
      send({ type: 'welcome', protocol: protocolVersion, ...who, heartbeatMs: 30_000 });
      send({ type: 'inbox', conversations: [...desk.conversations.values()].map(summarise) });
    });
  });
  return desk;
};
