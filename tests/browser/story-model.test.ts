import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createModelServer,
  type ModelServer,
  type ModelServerMessage,
} from '../../server/testing/model-server.ts';
import { launchBrowser, startServer, waitForDemo, type RunningServer } from './harness.ts';
import { ask, openChat, patience, playStory, signIn, visible } from './story.ts';

const slowAnswer = Array.from({ length: 400 }, (_, index) => `Packs are fitted with care ${index}. `);

/** Numbered passage of the prompt that holds `words`, as the model would cite it. */
function markOf(prompt: string, words: string): string {
  const before = prompt.slice(0, prompt.indexOf(words));
  return (
    [...before.matchAll(/<passage number="(\d+)"|\[(\d+)\]/g)].map((match) => match[1] ?? match[2]).at(-1) ??
    '1'
  );
}

function reply(messages: readonly ModelServerMessage[]) {
  const prompt = messages.at(-1)?.content ?? '';
  const question = /<question>\s*([\s\S]*?)\s*<\/question>/.exec(prompt)?.[1] ?? '';
  if (question.includes('gift card')) {
    return `ANSWER: FULL\nA gift card is valid for 4 years from the day of purchase [${markOf(prompt, '4 years from')}].`;
  }
  if (question.includes('pack')) return { tokens: ['ANSWER: FULL\n', ...slowAnswer], tokenDelayMs: 60 };
  return 'ANSWER: NONE';
}

describe('the whole path with a model behind a real socket', () => {
  let model: ModelServer;
  let server: RunningServer;
  let browser: Browser;
  beforeAll(async () => {
    model = await createModelServer({ reply });
    [server, browser] = await Promise.all([
      startServer({ OPENAI_API_KEY: 'test-key', OPENAI_BASE_URL: model.url, CHAT_MODEL: 'scripted' }),
      launchBrowser(),
    ]);
    await waitForDemo(server);
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
    await model.close();
  });

  it('answers, hands off, and lets a person answer in the same thread', async () => {
    await playStory(browser, server, {
      answerable: 'How long is a gift card valid?',
      answer: /valid for 4 years from the day of purchase/,
      citedPage: /\/demo\/gift-cards/,
      unanswerable: 'Can I pay with bitcoin?',
    });
    expect(model.requests.some(({ path }) => path.endsWith('/embeddings'))).toBe(true);
    expect(model.requests.some(({ path }) => path.endsWith('/chat/completions'))).toBe(true);
  });

  it('stops the answer being written when a person takes over', async () => {
    const visitor = await (await browser.newContext()).newPage();
    const agent = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    await signIn(agent, server);
    const chat = await openChat(visitor, server);
    await ask(chat, 'How do I fit a pack?');
    await visible(chat.getByText(/Packs are fitted with care 3/));

    await agent.getByRole('button', { name: /^AI/ }).click();
    await agent
      .getByRole('link', { name: /Visitor/ })
      .first()
      .click();
    await visible(agent.getByText(/Packs are fitted with care 3/));
    await agent.getByRole('button', { name: 'Take over' }).click();

    await visible(chat.getByText('Stopped'));
    await agent.getByRole('textbox', { name: /Reply/ }).waitFor(patience);
    const stoppedAt = await chat.getByRole('log').innerText();
    const reply = agent.getByRole('textbox', { name: /Reply/ });
    await reply.fill('I will help you myself.');
    await reply.press('Control+Enter');
    await visible(chat.getByText('I will help you myself.'));
    const after = await chat.getByRole('log').innerText();
    const lastWord = (text: string) => [...text.matchAll(/with care (\d+)/g)].at(-1)?.[1];
    expect(lastWord(after)).toBe(lastWord(stoppedAt));
    expect(model.requests.some(({ wasAborted }) => wasAborted)).toBe(true);
  });
});
