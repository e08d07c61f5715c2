import '../app/tokens.css';
import '../app/base.css';
import { Chat } from '../app/chat.svelte.ts';
import { createDraftStore } from '../app/drafts.ts';
import { startChat } from '../app/start.svelte.ts';
import { loadTexts } from '../app/texts.ts';
import { createFakeClient } from './fake-client.ts';
import { createScene, sceneNames, type SceneName } from './scenes.ts';

/** The chat on a scene of `scenes.ts`: `?scene=waiting&lang=de&accent=%23aa3355`, or `?scene=custom&text=...`. */
const query = new URLSearchParams(location.search);
const wanted = query.get('scene') ?? query.get('site');
const scene = createScene(sceneNames.find((known) => known === wanted) ?? 'greeting', query.get('text'));
const client = createFakeClient(scene.snapshot);
const chat = new Chat({
  openSession: async () => ({
    type: 'open',
    session: {
      visitorId: '018f4d9e-5f0a-7c3e-9a4b-2b1c3d4e5f62',
      token: '',
      site: {
        id: 'demo',
        name: query.get('name') ?? 'Fernhill Outdoors',
        greeting: 'Ask about orders, returns, sizes or care. You get an answer from our help pages.',
        accentColor: query.get('accent') ?? '#1f6f5c',
      },
      conversationId: scene.snapshot.thread?.conversationId ?? null,
    },
  }),
  createClient: () => client,
  drafts: createDraftStore('dev', () => sessionStorage),
  now: Date.now,
  schedule: () => () => {},
});
startChat({ chat, texts: await loadTexts([query.get('lang') ?? 'en']), hostOrigin: query.get('host') });
chat.isOnline = scene.isOnline;

declare global {
  interface Window {
    /** Lets a test move the chat on, as the server would. */
    showScene(name: SceneName): void;
  }
}
window.showScene = (next) => client.show(createScene(next).snapshot);
