import './tokens.css';
import './base.css';
import { Chat } from './chat.svelte.ts';
import { createDraftStore } from './drafts.ts';
import { createEngine } from './engine.ts';
import { readParams } from './params.ts';
import { createOpenSession } from './session.ts';
import { startChat } from './start.svelte.ts';
import { loadTexts } from './texts.ts';

const params = readParams(location.search, navigator.languages);
const isFramed = window.parent !== window;
/** The frame is `<base>/widget/frame`, so the server's root is one level up. */
const socketUrl = new URL('../ws/visitor', location.href);
socketUrl.protocol = socketUrl.protocol === 'https:' ? 'wss:' : 'ws:';
socketUrl.search = '';

const chat = new Chat({
  openSession: createOpenSession(new URL('../api/v1/visitor/session', location.href).href, params.site),
  createClient: (session) => createEngine(session, socketUrl.href),
  drafts: createDraftStore(params.site, () => sessionStorage),
  now: Date.now,
  schedule: (run, afterMs) => {
    const timer = setTimeout(run, afterMs);
    return () => clearTimeout(timer);
  },
});

startChat({
  chat,
  texts: await loadTexts(params.languages),
  hostOrigin: isFramed ? (params.hostOrigin ?? 'null') : null,
});
