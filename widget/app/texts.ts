/** Every word of the chat, per language. English is always there; the others are loaded when asked for. */
export interface Texts {
  language: string;
  direction: 'ltr' | 'rtl';
  title: (site: string) => string;
  close: string;
  assistant: string;
  team: string;
  you: string;
  stateWaiting: string;
  stateHuman: (agent: string) => string;
  stateResolved: string;
  presence: { online: string; away: string; offline: string };
  talkToPerson: string;
  personAsked: string;
  greetingTitle: (site: string) => string;
  greetingAi: string;
  greetingPerson: string;
  startOver: string;
  startOverQuestion: string;
  startOverConfirm: string;
  startOverKeep: string;
  placeholder: string;
  placeholderHuman: (agent: string) => string;
  placeholderWaiting: string;
  placeholderResolved: string;
  composerLabel: string;
  typingShown: string;
  send: string;
  stop: string;
  charactersLeft: (count: number) => string;
  tooLong: (count: number) => string;
  steps: { searching: string; reading: string; writing: string; checking: string };
  stopped: string;
  incomplete: string;
  quoted: string;
  choices: string;
  helpful: string;
  unhelpful: string;
  thanksForWord: string;
  sources: string;
  source: (marker: number, title: string) => string;
  page: (page: number) => string;
  opensNewTab: string;
  delivery: { queued: string; sent: string; delivered: string; seen: string; failed: string };
  retry: string;
  typing: (name: string) => string;
  newMessages: string;
  toLatest: string;
  offline: string;
  reconnecting: string;
  outdated: string;
  missing: string;
  unavailable: string;
  reload: string;
  loading: string;
  justNow: string;
  notice: {
    handoff: string;
    assigned: (agent: string) => string;
    returned: (agent: string) => string;
    resolved: (agent: string | null) => string;
    reopened: string;
  };
}

export const english: Texts = {
  language: 'en',
  direction: 'ltr',
  title: (site) => `Chat with ${site}`,
  close: 'Close chat',
  assistant: 'AI assistant',
  team: 'Team',
  you: 'You',
  stateWaiting: 'Waiting for a person',
  stateHuman: (agent) => `${agent} is here`,
  stateResolved: 'Conversation closed',
  presence: {
    online: 'The team is online.',
    away: 'The team is away at the moment. You will get an answer here.',
    offline: 'Nobody is online right now. You will get an answer here when someone is back.',
  },
  talkToPerson: 'Talk to a person',
  personAsked: 'Asked',
  greetingTitle: (site) => `Hello from ${site}`,
  greetingAi:
    'You are talking to an AI. It answers from our own pages and shows you where it found the answer.',
  greetingPerson: 'You can ask for a person at any time with the button above.',
  startOver: 'New conversation',
  startOverQuestion: 'Start a new conversation? This one will no longer be shown here.',
  startOverConfirm: 'Start new',
  startOverKeep: 'Keep this one',
  placeholder: 'Ask a question',
  placeholderHuman: (agent) => `Write to ${agent}`,
  placeholderWaiting: 'Write a message',
  placeholderResolved: 'Write to reopen',
  composerLabel: 'Your message',
  typingShown: 'Our team sees what you write as you type it.',
  send: 'Send',
  stop: 'Stop the answer',
  charactersLeft: (count) => `${count} characters left`,
  tooLong: (count) => `${count} characters too long. Shorten your message to send it.`,
  steps: {
    searching: 'Searching our pages',
    reading: 'Reading what was found',
    writing: 'Writing the answer',
    checking: 'Checking the answer',
  },
  stopped: 'Stopped',
  incomplete: 'The answer broke off. Ask again, or talk to a person.',
  quoted: 'Quoted from our pages',
  choices: 'Topics to choose from',
  helpful: 'This answer helped',
  unhelpful: 'This answer did not help',
  thanksForWord: 'Thank you',
  sources: 'Sources',
  source: (marker, title) => `Source ${marker}: ${title}`,
  page: (page) => `page ${page}`,
  opensNewTab: 'opens in a new tab',
  delivery: {
    queued: 'Waiting to send',
    sent: 'Sending',
    delivered: 'Delivered',
    seen: 'Seen',
    failed: 'Not sent',
  },
  retry: 'Try again',
  typing: (name) => `${name} is typing`,
  newMessages: 'New messages',
  toLatest: 'Go to the latest message',
  offline: 'You are offline. Your message will be sent when you are back.',
  reconnecting: 'Connecting again. Your messages are kept.',
  outdated: 'This window is out of date.',
  missing: 'This chat is not available on this page.',
  unavailable: 'The chat cannot be reached. We keep trying.',
  reload: 'Load again',
  loading: 'Loading your conversation',
  justNow: 'just now',
  notice: {
    handoff: 'A person was asked to join',
    assigned: (agent) => `${agent} joined the conversation`,
    returned: (agent) => `${agent} handed back to the AI assistant`,
    resolved: (agent) =>
      agent === null ? 'The conversation was closed' : `${agent} closed the conversation`,
    reopened: 'The conversation was opened again',
  },
};

const others: Readonly<Record<string, () => Promise<Texts>>> = {
  de: async () => (await import('./texts/de.ts')).german,
  fr: async () => (await import('./texts/fr.ts')).french,
  es: async () => (await import('./texts/es.ts')).spanish,
  ar: async () => (await import('./texts/ar.ts')).arabic,
};

/** The texts of the first language that we have; English where there is none or where it cannot be loaded. */
export async function loadTexts(languages: readonly string[]): Promise<Texts> {
  for (const language of languages) {
    const code = language.slice(0, 2).toLowerCase();
    if (code === 'en') return english;
    const load = others[code];
    if (load) return load().catch(() => english);
  }
  return english;
}
