import { visitorView } from '../../domain/conversation-view.ts';
import { closeReasons, protocolVersion } from '../../protocol/version.ts';
import { visitorClientFrameSchema } from '../../protocol/visitor.ts';
import type { VisitorClientFrame } from '../../protocol/visitor.ts';
import type { VisitorActor } from '../../services/converse.ts';
import type { Live } from '../../services/live.ts';
import type { VisitorSessions } from '../../services/visitor-session.ts';
import { answerCommand, answerQuietly, answerSignal, limitResume } from './answer-frame.ts';
import type { Asking } from './answer-frame.ts';
import { createFeeds } from './feeds.ts';
import type { Feeds } from './feeds.ts';
import { createLink } from './link.ts';
import type { LinkDeps } from './link.ts';
import type { Link, Peer } from './peer.ts';
import { visitorLimits } from './rate-limit.ts';
import type { ConnectionLimiter, ConnectionLimits } from './rate-limit.ts';
import { createTypist } from './typist.ts';
import type { Caller } from './upgrade.ts';

export interface VisitorLinkDeps extends LinkDeps {
  live: Live;
  visitorSessions: VisitorSessions;
  heartbeatMs: number;
  visitorLimits?: ConnectionLimits;
}

type VisitorCaller = Extract<Caller, { kind: 'visitor' }>;
type Of<Type extends VisitorClientFrame['type']> = Extract<VisitorClientFrame, { type: Type }>;

/** Conversations a visitor's connection follows at once. */
const maxFeeds = 4;

/** Speaks the visitor's protocol with one connection. */
export function createVisitorLink(peer: Peer, caller: VisitorCaller, deps: VisitorLinkDeps): Link {
  const visit = new Visit(peer, caller, deps);
  return createLink(peer, deps, {
    schema: visitorClientFrameSchema,
    limits: deps.visitorLimits ?? visitorLimits,
    isNew: () => visit.visitor === null,
    handle: (frame, limiter) => visit.handle(frame, limiter),
    closed: () => visit.close(),
  });
}

class Visit {
  visitor: VisitorActor | null = null;
  readonly #peer: Peer;
  readonly #caller: VisitorCaller;
  readonly #deps: VisitorLinkDeps;
  readonly #feeds: Feeds;
  readonly #typist;
  /** What the visitor was told in `welcome`. */
  #isTypingShown = false;
  #isClosed = false;
  #stopPresence: (() => void) | null = null;
  #leave: (() => void) | null = null;

  constructor(peer: Peer, caller: VisitorCaller, deps: VisitorLinkDeps) {
    this.#peer = peer;
    this.#caller = caller;
    this.#deps = deps;
    this.#feeds = createFeeds(deps.live, peer, maxFeeds);
    this.#typist = createTypist(deps.live.typing, 'visitor');
  }

  async handle(frame: VisitorClientFrame, limiter: ConnectionLimiter): Promise<void> {
    if (frame.type === 'hello') return this.#hello(frame);
    const { visitor } = this;
    if (visitor === null || frame.type === 'ping' || frame.type === 'pong') return;
    const { converse } = this.#deps.live;
    const sender = { personId: visitor.visitorId, address: this.#caller.address, siteId: visitor.siteId };
    const asking = { limiter, sender };
    const signal = ({ conversationId }: { conversationId: string }, run: () => Promise<unknown>) =>
      answerSignal(this.#peer, this.#deps, asking, conversationId, run);
    switch (frame.type) {
      case 'message-send':
        this.#typist.stop();
        return answerCommand(this.#peer, this.#deps, sender, frame, () =>
          converse.send({ visitor, address: this.#caller.address, ...frame }),
        );
      case 'handoff-request':
        return answerCommand(this.#peer, this.#deps, sender, frame, () =>
          converse.requestPerson({ visitor, ...frame }),
        );
      case 'resume':
        return this.#resume(frame, visitor, asking);
      case 'answer-stop':
        return signal(frame, () => converse.stopAnswer({ visitor, ...frame }));
      case 'answer-judge':
        return signal(frame, () => converse.judgeAnswer({ visitor, ...frame }));
      case 'seen-mark':
        return signal(frame, () => converse.markSeen({ visitor, ...frame }));
      case 'typing-set':
        return signal(frame, () => this.#setTyping(frame, visitor));
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#feeds.closeAll();
    this.#typist.stop();
    this.#stopPresence?.();
    this.#leave?.();
  }

  async #hello(frame: Of<'hello'>): Promise<void> {
    if (frame.protocol < protocolVersion) return this.#peer.close(closeReasons.protocolTooOld);
    if (frame.protocol > protocolVersion) return this.#peer.close(closeReasons.protocolTooNew);
    const opened = await this.#authenticate(frame);
    if (opened === null) return this.#peer.close(closeReasons.unauthenticated);
    const { presence, visitors } = this.#deps.live;
    const { visitorId } = opened.visitor;
    this.visitor = opened.visitor;
    const { conversationId, isTypingShown } = opened;
    const { heartbeatMs } = this.#deps;
    this.#isTypingShown = isTypingShown;
    this.#peer.send({
      type: 'welcome',
      protocol: protocolVersion,
      visitorId,
      conversationId,
      heartbeatMs,
      isTypingShown,
    });
    this.#peer.send({ type: 'presence', agents: presence.team() });
    if (this.#isClosed) return;
    this.#leave = visitors.enter(visitorId);
    this.#stopPresence = presence.subscribe((agents) => this.#peer.send({ type: 'presence', agents }));
  }

  /** The cookie of the upgrade counts, or else the token of the frame, and only for the site that they are of. */
  async #authenticate({ site, token }: Of<'hello'>) {
    const { visitorSessions, live } = this.#deps;
    const byCookie = this.#caller.siteId === site ? this.#caller.visitor : null;
    const byToken =
      byCookie === null && token !== null ? await visitorSessions.authenticate(site, token) : null;
    const visitor = byCookie ?? (byToken === null ? null : { siteId: site, ...byToken });
    if (visitor === null) return null;
    return {
      visitor,
      conversationId: await live.converse.openConversation(visitor),
      isTypingShown: await live.typingPreview.isOn(site),
    };
  }

  #resume(frame: Of<'resume'>, visitor: VisitorActor, asking: Asking): Promise<void> {
    return answerQuietly(this.#peer, this.#deps, frame.conversationId, async () => {
      limitResume(asking, this.#deps);
      const { conversationId, epoch, after } = frame;
      const { visitorId } = visitor;
      if (!this.#isClosed) {
        await this.#feeds.open({ conversationId, epoch, after, visitorId, view: visitorView });
      }
    });
  }

  /** What agents may see of it: nothing unless the visitor was told and the site still wants it. */
  async #previewOf({ text }: Of<'typing-set'>, { siteId }: VisitorActor): Promise<string | null> {
    if (!this.#isTypingShown || text === undefined) return null;
    return (await this.#deps.live.typingPreview.isOn(siteId)) ? text : null;
  }

  async #setTyping(frame: Of<'typing-set'>, visitor: VisitorActor): Promise<void> {
    const { conversationId, isTyping } = frame;
    // only who follows a conversation was shown to own it
    if (!this.#feeds.has(conversationId)) return;
    this.#typist.set(conversationId, visitor.name, isTyping, await this.#previewOf(frame, visitor));
  }
}
