import { randomUUID } from 'node:crypto';
import type { ConversationSummary } from '../../server/protocol/agent.ts';
import type { ConversationEvent, EventBody, HandoffPacket } from '../../server/protocol/entities.ts';
import type { Site } from '../../server/protocol/http.ts';
import type { Account } from '../../server/protocol/http-accounts.ts';

/** A conversation of the fake desk: its summary is made from it. */
export interface FakeConversation {
  id: string;
  siteId: string;
  visitorId: string;
  visitorName: string;
  state: ConversationSummary['state'];
  agentId: string | null;
  agentName: string | null;
  waitingSince: string | null;
  events: ConversationEvent[];
  agentSeenSeq: number;
}

export const owner: Account = {
  id: randomUUID(),
  email: 'mara@shop.example',
  name: 'Mara Lind',
  role: 'owner',
};
export const colleague: Account = {
  id: randomUUID(),
  email: 'jonas@shop.example',
  name: 'Jonas Weber',
  role: 'agent',
};

const settings = {
  handoffThreshold: 0.5,
  greeting: 'Ask a question. You get an answer from our own pages, with its sources.',
  handoffNotice:
    'I have asked a colleague to take over. They see everything said so far and will answer here.',
  instructions: '',
  tone: '',
  examples: [
    { question: 'Can I return boots that I wore?', answer: 'Yes, within 30 days. Please clean them first.' },
  ],
  passagesPerAnswer: 5,
  passageTokens: 4000,
  linkHosts: [],
  allowedOrigins: [],
  typingPreview: false,
};
export const sites: Site[] = [
  {
    id: 'demo',
    name: 'Fernweh Outdoor',
    settings: { ...settings, accentColor: '#1f6f5c' },
    createdAt: '2026-03-01T09:00:00.000Z',
  },
  {
    id: 'default',
    name: 'My site',
    settings: { ...settings, accentColor: '#3557c9' },
    createdAt: '2026-03-01T09:00:00.000Z',
  },
];

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

const packet = (question: string, confidence: number | null): HandoffPacket => ({
  question,
  confidence,
  reasons: [
    { code: 'coverage', text: 'Two of the five words asked for stand on no page.', effect: 'lowers' },
    { code: 'margin', text: 'Three pages fit about equally well.', effect: 'lowers' },
    { code: 'topic', text: 'The question is about something that your pages treat.', effect: 'raises' },
  ],
  passages: [
    {
      documentId: 'https://shop.example/help/repairs',
      title: 'Repairs and spare parts',
      url: 'https://shop.example/help/repairs',
      text: 'We repair tents, backpacks and jackets of our own make for ten years after you bought them. Send the clean item with a note of what is broken. Most repairs take two to three weeks.',
      score: 7.31,
    },
    {
      documentId: 'https://shop.example/help/warranty',
      title: 'Warranty',
      url: 'https://shop.example/help/warranty',
      text: 'Poles and zips are covered for two years. Wear from ordinary use, such as thin soles, is not.',
      score: 5.02,
    },
  ],
});

const message = (
  role: 'visitor' | 'ai' | 'agent',
  text: string,
  given: Partial<Extract<EventBody, { type: 'message-added' }>> = {},
): EventBody => ({
  type: 'message-added',
  messageId: randomUUID(),
  author: {
    role,
    id: role === 'agent' ? colleague.id : null,
    name: role === 'agent' ? colleague.name : null,
  },
  text,
  citations: [],
  status: 'complete',
  turnId: null,
  answer: null,
  ...given,
});

const answer = (text: string, confidence: number): EventBody =>
  message('ai', text, {
    citations: [
      {
        marker: 1,
        documentId: 'https://shop.example/help/delivery',
        title: 'Delivery times and costs',
        url: 'https://shop.example/help/delivery',
        quote: 'Parcels inside the country arrive within two to three working days.',
      },
      {
        marker: 2,
        documentId: 'https://shop.example/help/returns',
        title: 'Returns',
        url: null,
        page: 3,
        quote: 'You may send goods back within 60 days.',
      },
    ],
    answer: {
      answerId: randomUUID(),
      decision: 'answer',
      confidence,
      isQuoted: true,
      reasons: [
        { code: 'coverage', text: 'Every word asked for stands in the passage.', effect: 'raises' },
        { code: 'margin', text: 'One page fits clearly better than all others.', effect: 'raises' },
        { code: 'age', text: 'The page was read 40 days ago.', effect: 'neutral' },
      ],
    },
  });

const delivery = answer(
  'Parcels inside the country arrive **within two to three working days** [1]. Abroad it depends on the country:\n\n| Where | How long |\n| --- | --- |\n| Austria, Switzerland | 3 to 5 days |\n| Rest of Europe | 4 to 8 days |\n\nYou may send goods back within 60 days [2].',
  0.91,
);

const build = (
  minutes: number,
  visitorName: string,
  given: Partial<FakeConversation>,
  bodies: readonly EventBody[],
): FakeConversation => {
  const id = randomUUID();
  const events = bodies.map((body, index) => ({
    conversationId: id,
    seq: index + 1,
    at: minutesAgo(minutes + (bodies.length - index) * 0.6),
    clientId: null,
    body,
  }));
  return {
    id,
    siteId: 'demo',
    visitorId: randomUUID(),
    visitorName,
    state: 'ai',
    agentId: null,
    agentName: null,
    waitingSince: null,
    agentSeenSeq: 0,
    ...given,
    events,
  };
};

const handedOff = (
  question: string,
  reason: 'low-confidence' | 'visitor-asked' | 'nothing-found',
): EventBody => ({
  type: 'handoff-requested',
  reason,
  notice: settings.handoffNotice,
  packet: packet(question, reason === 'visitor-asked' ? null : 0.31),
});
const assigned = (who: Account): EventBody => ({
  type: 'conversation-assigned',
  agentId: who.id,
  agentName: who.name,
});

/** A morning's inbox: two wait, one is ours, one a colleague's, two are with the AI, one is resolved. */
export const seedConversations = (): FakeConversation[] => [
  build(4, 'Visitor 4c1f', { state: 'waiting', waitingSince: minutesAgo(4.2) }, [
    message('visitor', 'How long does delivery take?'),
    delivery,
    message(
      'visitor',
      'The pole of my Birke 2 tent broke in the wind. Can I get a single spare part, or must I send in the whole tent?',
    ),
    handedOff('Can I get a single spare pole for the Birke 2 tent?', 'low-confidence'),
  ]),
  build(0.4, 'Visitor 92ab', { state: 'waiting', waitingSince: minutesAgo(0.6) }, [
    message('visitor', 'I would like to talk to a person please'),
    handedOff('I would like to talk to a person please', 'visitor-asked'),
  ]),
  build(9, 'Visitor 07de', { state: 'human', agentId: owner.id, agentName: owner.name, agentSeenSeq: 5 }, [
    message('visitor', 'Do you rent out snow shoes in Innsbruck?'),
    handedOff('Do you rent out snow shoes in Innsbruck?', 'nothing-found'),
    assigned(owner),
    message('agent', 'Hello, I am Mara. Yes, in our store at the station, from December on.', {
      author: { role: 'agent', id: owner.id, name: owner.name },
    }),
    { type: 'message-seen', by: 'visitor', upToSeq: 4 },
    message('visitor', 'Great. And what does a weekend cost for two?'),
  ]),
  build(
    14,
    'Visitor b3e8',
    { state: 'human', agentId: colleague.id, agentName: colleague.name, agentSeenSeq: 9 },
    [
      message('visitor', 'My voucher is refused at the till.'),
      handedOff('My voucher is refused at the till.', 'low-confidence'),
      assigned(colleague),
      message('agent', 'Let me look that up for you.'),
    ],
  ),
  build(2, 'Visitor f00d', {}, [message('visitor', 'Which size do I need at 176 cm?'), delivery]),
  build(31, 'Visitor 5a5a', { siteId: 'default' }, [message('visitor', 'Do you ship to Norway?'), delivery]),
  build(1500, 'Visitor 11c0', { state: 'resolved', agentSeenSeq: 9 }, [
    message('visitor', 'Thanks, it has arrived.'),
    { type: 'conversation-resolved', agentId: colleague.id, agentName: colleague.name },
  ]),
];
