import { WebSocket } from 'ws';
import { createAgentClient, createMemoryOutbox, createVisitorClient } from '../../server/protocol/client.ts';
import type {
  AgentClient,
  OutboxStore,
  SocketLike,
  Thread,
  VisitorClient,
} from '../../server/protocol/client.ts';
import { createStreamSocket } from '../../server/protocol/client/stream-socket.ts';
import type { Viewer } from '../../server/protocol/client/thread.ts';
import { createJournal, watchSocket } from './journal.ts';
import type { Journal } from './journal.ts';
import type { Random } from './random.ts';

/** Where everything pretends to live. */
export const origin = 'http://chaos.example';

/** Somebody who talks until told to stop. */
export interface Actor {
  name: string;
  journal: Journal;
  /** Every text that the person has sent, in order; whatever became of it. */
  said: string[];
  /** Says the next thing at once; null where it takes more than wanting to. */
  say: (() => void) | null;
  viewer: () => Viewer;
  thread: () => Thread | null;
  /** True when nothing of theirs is on its way and the connection stands. */
  isQuiet: () => Promise<boolean>;
  isOnline: () => boolean;
  /** State of the connection and of what waits, for the report. */
  status: () => string;
  stop: () => void;
  close: () => void;
}

export interface ActorOptions {
  name: string;
  /** `ws://host:port` of the proxy. */
  url: string;
  random: Random;
  carrier: 'websocket' | 'stream';
}

/** Shortens the pauses between attempts, so that a run of minutes sees many of them. */
const hurry = 0.15;

/** A person's pauses, in milliseconds. */
const visitorPause: [number, number] = [300, 1_300];
const agentPause: [number, number] = [100, 600];

export function startVisitor(options: ActorOptions & { token: string }): Actor {
  const { name, random, token } = options;
  const journal = createJournal(name);
  const outbox = createMemoryOutbox();
  const said: string[] = [];

  function load(): VisitorClient {
    const client = createVisitorClient({
      url: `${options.url}/ws/visitor`,
      site: 'default',
      token,
      conversationId: null,
      outbox,
      random: () => random.next() * hurry,
      openSocket: (url) => watchSocket(openSocket(url, options.carrier, {}), journal),
    });
    client.connect();
    return client;
  }

  let client = load();
  const say = (): void => {
    said.push(`${name}#${String(said.length)}`);
    client.send(said.at(-1) ?? '');
  };
  const stop = repeat(random, visitorPause, () => {
    const dice = random.next();
    if (dice < 0.7) say();
    else if (dice < 0.76) client.requestPerson();
    else if (dice < 0.82) client.stopAnswer();
    else if (dice < 0.92) client.markSeen(client.getSnapshot().thread?.lastSeq ?? 0);
    else if (dice < 0.97) {
      // the page is loaded anew; only the outbox outlives it
      client.close();
      client = load();
    }
  });
  return {
    name,
    journal,
    said,
    say,
    viewer: () => ({ role: 'visitor' }),
    thread: () => client.getSnapshot().thread,
    isQuiet: async () => (await isSent(outbox)) && client.getSnapshot().connection.status === 'online',
    isOnline: () => client.getSnapshot().connection.status === 'online',
    status: () => `${options.carrier} ${client.getSnapshot().connection.status}`,
    stop,
    close: () => client.close(),
  };
}

export function startAgent(options: ActorOptions & { cookie: string }): Actor {
  const { name, random, cookie } = options;
  const journal = createJournal(name);
  const said: string[] = [];
  const outbox = createMemoryOutbox();
  const client = createAgentClient({
    url: `${options.url}/ws/agent`,
    outbox,
    random: () => random.next() * hurry,
    openSocket: (url) => watchSocket(openSocket(url, options.carrier, { cookie }), journal),
  });
  client.connect();
  const stop = repeat(random, agentPause, () => work(client, name, random, said));
  return {
    name,
    journal,
    said,
    say: null,
    viewer: () => ({ role: 'agent', agentId: client.getSnapshot().agentId }),
    thread: () => client.getSnapshot().thread,
    isQuiet: async () =>
      (await isSent(outbox)) &&
      client.getSnapshot().connection.status === 'online' &&
      client.getSnapshot().isInboxLoaded,
    isOnline: () => client.getSnapshot().connection.status === 'online',
    status: () => `${options.carrier} ${client.getSnapshot().connection.status}`,
    stop,
    close: () => client.close(),
  };
}

/** One thing that an agent does. */
function work(client: AgentClient, name: string, random: Random, said: string[]): void {
  const { thread, inbox } = client.getSnapshot();
  const open = inbox.filter(
    (line) => line.state === 'waiting' || (line.state === 'ai' && random.chance(0.4)),
  );
  const next = open[random.int(0, Math.max(open.length - 1, 0))];
  const dice = random.next();
  if (thread === null || thread.state === 'resolved') {
    if (next !== undefined) client.open(next.conversationId);
  } else if (thread.state === 'human' && thread.agentName === name) {
    if (dice < 0.6) {
      said.push(`${name}#${String(said.length)}`);
      client.send(said.at(-1) ?? '');
    } else if (dice < 0.75) client.handBack();
    else if (dice < 0.82) client.resolve();
    else if (dice < 0.92) client.markSeen(thread.lastSeq);
  } else if (thread.state === 'human' || dice < 0.1) client.leave();
  else if (dice < (thread.state === 'waiting' ? 0.8 : 0.6)) client.take();
}

/** Whether nothing waits to be sent; what was refused for good waits for its author. */
async function isSent(outbox: OutboxStore): Promise<boolean> {
  return (await outbox.load()).every(({ error }) => error !== undefined);
}

function repeat(random: Random, [from, to]: [number, number], act: () => void): () => void {
  let timer: NodeJS.Timeout;
  const next = (): void => {
    timer = setTimeout(
      () => {
        act();
        next();
      },
      random.int(from, to),
    );
  };
  next();
  return () => clearTimeout(timer);
}

/** A way to the server as a page of ours would have it. */
export function openSocket(
  url: string,
  carrier: ActorOptions['carrier'],
  headers: Record<string, string>,
): SocketLike {
  if (carrier === 'websocket') return new WebSocket(url, { origin, headers });
  return createStreamSocket(url, (to, init) =>
    fetch(to, { ...init, headers: { ...Object(init?.headers), ...headers, origin } }),
  );
}
