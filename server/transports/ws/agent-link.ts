import { agentClientFrameSchema } from '../../protocol/agent.ts';
import type { AgentClientFrame } from '../../protocol/agent.ts';
import { closeReasons, protocolVersion } from '../../protocol/version.ts';
import type { Live } from '../../services/live.ts';
import { answerCommand, answerQuietly, answerSignal, limitResume } from './answer-frame.ts';
import type { Asking } from './answer-frame.ts';
import { createFeeds } from './feeds.ts';
import type { Feeds } from './feeds.ts';
import { createLink } from './link.ts';
import type { LinkDeps } from './link.ts';
import type { ConnectionLimiter, ConnectionLimits } from './rate-limit.ts';
import { agentLimits } from './rate-limit.ts';
import type { Link, Peer } from './peer.ts';
import { createTypist } from './typist.ts';
import type { Caller } from './upgrade.ts';

export interface AgentLinkDeps extends LinkDeps {
  live: Live;
  heartbeatMs: number;
  agentLimits?: ConnectionLimits;
}

type AgentCaller = Extract<Caller, { kind: 'agent' }>;
type Of<Type extends AgentClientFrame['type']> = Extract<AgentClientFrame, { type: Type }>;

/** Conversations an agent's connection follows at once. */
const maxFeeds = 8;

/** Speaks the agent's protocol with one connection that has a session already. */
export function createAgentLink(peer: Peer, caller: AgentCaller, deps: AgentLinkDeps): Link {
  const desk = new Desk(peer, caller, deps);
  return createLink(peer, deps, {
    schema: agentClientFrameSchema,
    limits: deps.agentLimits ?? agentLimits,
    isNew: () => desk.isNew,
    handle: (frame, limiter) => desk.handle(frame, limiter),
    closed: () => desk.close(),
  });
}

class Desk {
  isNew = true;
  readonly #peer: Peer;
  readonly #caller: AgentCaller;
  readonly #deps: AgentLinkDeps;
  readonly #feeds: Feeds;
  readonly #typist;
  #isClosed = false;
  #stopInbox: (() => void) | null = null;
  #stopVisitors: (() => void) | null = null;

  constructor(peer: Peer, caller: AgentCaller, deps: AgentLinkDeps) {
    this.#peer = peer;
    this.#caller = caller;
    this.#deps = deps;
    this.#feeds = createFeeds(deps.live, peer, maxFeeds);
    this.#typist = createTypist(deps.live.typing, 'agent');
  }

  async handle(frame: AgentClientFrame, limiter: ConnectionLimiter): Promise<void> {
    const { handoff, presence } = this.#deps.live;
    const agent = { id: this.#caller.account.id, name: this.#caller.account.name };
    // people who are paid to answer are limited less: by connection only
    const sender = { personId: agent.id, address: null, siteId: null };
    const command = (run: Parameters<typeof answerCommand>[4], of: Parameters<typeof answerCommand>[3]) =>
      answerCommand(this.#peer, this.#deps, sender, of, run);
    const asking = { limiter, sender };
    const signal = ({ conversationId }: { conversationId: string }, run: () => Promise<unknown>) =>
      answerSignal(this.#peer, this.#deps, asking, conversationId, run);
    switch (frame.type) {
      case 'hello':
        return this.#hello(frame);
      case 'message-send':
        this.#typist.stop();
        return command(() => handoff.reply({ agent, ...frame }), frame);
      case 'conversation-take':
        return command(() => handoff.take({ agent, ...frame }), frame);
      case 'conversation-return':
        return command(() => handoff.handBack({ agent, ...frame }), frame);
      case 'conversation-resolve':
        return command(() => handoff.resolve({ agent, ...frame }), frame);
      case 'resume':
        return this.#resume(frame, asking);
      case 'conversation-close':
        return this.#feeds.close(frame.conversationId);
      case 'seen-mark':
        return signal(frame, () => handoff.markSeen({ agent, ...frame }));
      case 'typing-set':
        return signal(frame, async () => this.#setTyping(frame));
      case 'presence-set':
        if (!this.#isClosed) presence.set(this, agent.id, frame.presence);
        return;
      case 'ping':
      case 'pong':
        return;
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#feeds.closeAll();
    this.#typist.stop();
    this.#stopInbox?.();
    this.#stopVisitors?.();
    this.#deps.live.presence.leave(this);
  }

  async #hello(frame: Of<'hello'>): Promise<void> {
    if (frame.protocol < protocolVersion) return this.#peer.close(closeReasons.protocolTooOld);
    if (frame.protocol > protocolVersion) return this.#peer.close(closeReasons.protocolTooNew);
    const { account } = this.#caller;
    const { inbox, presence, visitors } = this.#deps.live;
    this.isNew = false;
    this.#peer.send({
      type: 'welcome',
      protocol: protocolVersion,
      agentId: account.id,
      agentName: account.name,
      role: account.role,
      heartbeatMs: this.#deps.heartbeatMs,
    });
    presence.set(this, account.id, 'online');
    // subscribed first, so that nothing falls between the snapshot and the changes
    this.#stopInbox = inbox.subscribe((conversation) =>
      this.#peer.send({ type: 'inbox-changed', conversation }),
    );
    this.#stopVisitors = visitors.subscribe((visitorId, isOnline) =>
      this.#peer.send({ type: 'visitor-presence', visitorId, isOnline }),
    );
    if (this.#isClosed) this.close();
    else this.#peer.send({ type: 'inbox', conversations: await inbox.snapshot() });
  }

  #resume(frame: Of<'resume'>, asking: Asking): Promise<void> {
    return answerQuietly(this.#peer, this.#deps, frame.conversationId, async () => {
      limitResume(asking, this.#deps);
      const { conversationId, epoch, after } = frame;
      if (this.#isClosed) return;
      await this.#feeds.open({ conversationId, epoch, after, visitorId: null, view: (event) => event });
    });
  }

  #setTyping({ conversationId, isTyping }: Of<'typing-set'>): void {
    if (!this.#feeds.has(conversationId)) return;
    this.#typist.set(conversationId, this.#caller.account.name, isTyping);
  }
}
