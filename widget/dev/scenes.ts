import type {
  Thread,
  ThreadEntry,
  ThreadMessage,
  ThreadNotice,
  VisitorSnapshot,
} from '../../server/protocol/client/types.ts';
import type { Citation } from '../../server/protocol/entities.ts';

/** Every state of the chat that a visitor can meet, as data: for looking at it and for the accessibility test. */
export const sceneNames = [
  'greeting',
  'connecting',
  'loading',
  'searching',
  'streaming',
  'answered',
  'stopped',
  'waiting',
  'human',
  'shown-typing',
  'resolved',
  'offline',
  'reconnecting',
  'failed',
  'outdated',
  'table',
  'custom',
] as const;
export type SceneName = (typeof sceneNames)[number];

export interface Scene {
  snapshot: VisitorSnapshot;
  isOnline: boolean;
}

const minuteMs = 60_000;
let order = 0;

function message(
  role: ThreadMessage['author']['role'],
  text: string,
  more: Partial<ThreadMessage> = {},
): ThreadMessage {
  order += 1;
  return {
    kind: 'message',
    key: `m${order}`,
    seq: order,
    at: new Date(Date.now() - (30 - order) * minuteMs).toISOString(),
    author: { role, id: null, name: role === 'agent' ? 'Mara' : null },
    text,
    citations: [],
    status: 'complete',
    outgoing: role === 'visitor' ? { status: 'seen', error: null } : null,
    turnId: null,
    answer: null,
    ...more,
  };
}

function notice(body: ThreadNotice['notice']): ThreadNotice {
  order += 1;
  return { kind: 'notice', key: `n${order}`, seq: order, at: new Date().toISOString(), notice: body };
}

const citations: Citation[] = [
  {
    marker: 1,
    documentId: 'returns',
    title: 'How do I return something?',
    url: 'https://shop.example/demo/returns',
    quote: 'You may send back anything within 60 days of delivery, as long as it is unused.',
  },
  {
    marker: 2,
    documentId: 'refunds',
    title: 'When do I get my money back?',
    url: null,
    page: 3,
    quote:
      'We refund within 5 working days of the parcel reaching our warehouse, to the card or account you paid with.',
  },
];
const answerText =
  'You can return boots within **60 days** of delivery if you have not worn them outside [1].\n\n' +
  '1. Print the label from your account\n2. Pack the boots in their box\n3. Hand the parcel in at any post office\n\n' +
  'The refund reaches you within 5 working days after that [2].';
const summary = (isQuoted: boolean): ThreadMessage['answer'] => ({
  answerId: '018f4d9e-5f0a-7c3e-9a4b-2b1c3d4e5f60',
  decision: 'answer',
  confidence: 0.87,
  reasons: [],
  isQuoted,
});
const question = () => message('visitor', 'Can I send back boots that are too small?');
const answer = () => message('ai', answerText, { citations, answer: summary(false) });
const handoff = () => [
  message('visitor', 'Could you check where order 48211 is?'),
  notice({
    type: 'handoff-requested',
    reason: 'nothing-found',
    text: 'I have asked a colleague to take over. They see everything said so far and will answer here.',
    packet: null,
  }),
];
const joined = () => [
  notice({ type: 'assigned', agentName: 'Mara' }),
  message('agent', 'Hello, I am looking at your order now.'),
  message('agent', 'It left our warehouse this morning. You can follow it at https://track.example/48211'),
];

function thread(entries: ThreadEntry[], more: Partial<Thread> = {}): Thread {
  return {
    conversationId: '018f4d9e-5f0a-7c3e-9a4b-2b1c3d4e5f61',
    state: 'ai',
    entries,
    turn: null,
    typing: null,
    agentName: null,
    lastSeq: order,
    seenByOtherSeq: 0,
    seenSeq: order,
    isLoaded: true,
    ...more,
  };
}

const online = (present: Thread | null, agents: VisitorSnapshot['agents'] = 'online'): Scene => ({
  snapshot: { connection: { status: 'online' }, agents, isTypingShown: false, thread: present },
  isOnline: true,
});
const turn = (step: 'searching' | 'writing') => ({ turnId: 't', step });
const queued = { seq: null, outgoing: { status: 'queued', error: null } } as const;
const failed = {
  seq: null,
  outgoing: { status: 'failed', error: 'You are writing very fast. Wait a moment.' },
} as const;

const tableText =
  'Our men’s boots run like this:\n\n| EU | UK | Foot length |\n|---|---|---|\n| 41 | 7.5 | 25.8 cm |\n| 42 | 8 | 26.5 cm |\n| 43 | 9 | 27.2 cm |';

/** The same text from everyone, finished and still growing: for hostile ones. */
const customScene = (text: string): Scene =>
  online(
    thread(
      [
        message('visitor', text),
        message('ai', text, {
          citations: citations.map((citation) => ({ ...citation, title: text, url: text, quote: text })),
          answer: summary(true),
        }),
        message('agent', text),
        notice({ type: 'handoff-requested', reason: 'rule', text, packet: null }),
        message('ai', text, { status: 'streaming', seq: null, turnId: 't' }),
      ],
      { turn: turn('writing') },
    ),
  );

const scenes: Record<Exclude<SceneName, 'custom'>, () => Scene> = {
  greeting: () => online(null),
  connecting: () => ({
    snapshot: { connection: { status: 'connecting' }, agents: null, isTypingShown: false, thread: null },
    isOnline: true,
  }),
  loading: () => online(thread([], { isLoaded: false })),
  searching: () => online(thread([question()], { turn: turn('searching') })),
  streaming: () => {
    const half = { status: 'streaming', seq: null, turnId: 't' } as const;
    return online(
      thread([question(), message('ai', answerText.slice(0, 150), half)], { turn: turn('writing') }),
    );
  },
  answered: () => online(thread([question(), answer()])),
  stopped: () =>
    online(
      thread([
        question(),
        message('ai', 'You can return boots within **60 days** [1]. They must not be *wor', {
          status: 'stopped',
          answer: summary(false),
        }),
      ]),
    ),
  waiting: () => online(thread([question(), answer(), ...handoff()], { state: 'waiting' }), 'away'),
  human: () =>
    online(
      thread([...handoff(), ...joined(), message('visitor', 'Thank you, that helps.')], {
        state: 'human',
        agentName: 'Mara',
        typing: { role: 'agent', name: 'Mara', text: null },
      }),
    ),
  'shown-typing': () => {
    const scene = online(thread([...handoff(), ...joined()], { state: 'human', agentName: 'Mara' }));
    return { ...scene, snapshot: { ...scene.snapshot, isTypingShown: true } };
  },
  resolved: () =>
    online(
      thread([...handoff(), ...joined(), notice({ type: 'resolved', agentName: 'Mara' })], {
        state: 'resolved',
      }),
    ),
  offline: () => {
    const waits = message('visitor', 'And what does the return cost?', queued);
    const scene = online(thread([question(), answer(), waits]));
    return { ...scene, isOnline: false };
  },
  reconnecting: () => {
    const scene = online(thread([question(), answer()]));
    const connection = { status: 'waiting', retryAtMs: Date.now() + 4000 } as const;
    return { ...scene, snapshot: { ...scene.snapshot, connection } };
  },
  failed: () => online(thread([question(), answer(), message('visitor', 'And the cost?', failed)])),
  outdated: () => ({
    snapshot: {
      connection: { status: 'refused', reason: 'protocol-too-old' },
      agents: null,
      isTypingShown: false,
      thread: null,
    },
    isOnline: true,
  }),
  table: () =>
    online(
      thread([
        message('visitor', 'Which size is 26.5 cm?'),
        message('ai', `${tableText} [1]`, {
          citations: [
            {
              marker: 1,
              documentId: 'sizes',
              title: 'Which boot size do I need?',
              url: 'https://shop.example/demo/boot-sizes',
              quote: tableText,
            },
          ],
          answer: summary(true),
        }),
      ]),
    ),
};

/** Makes one scene anew, so that two of them never share state. `text`: what the custom scene shows. */
export function createScene(name: SceneName, text: string | null = null): Scene {
  order = 0;
  return name === 'custom' ? customScene(text ?? '') : scenes[name]();
}
