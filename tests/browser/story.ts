import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { owner, type RunningServer } from './harness.ts';

export interface Story {
  answerable: string;
  /** Stands in the streamed answer. */
  answer: RegExp;
  /** End of the cited page's address. */
  citedPage: RegExp;
  unanswerable: string;
}

export const patience = { timeout: 20_000 };

/** Screenshots of a story go where `STORY_SHOTS` says; without it none are made. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env.STORY_SHOTS;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`) });
}

/** The chat's frame; it lives in a closed shadow root, which locators of the page do not reach. */
export async function chatFrame(page: Page): Promise<Frame> {
  const find = () => page.frames().find((frame) => frame.url().includes('/widget/frame'));
  await expect.poll(find, patience).toBeDefined();
  return find()!;
}

/** Opens the demo and clicks where the visitor sees the launcher. */
export async function openChat(page: Page, server: RunningServer): Promise<Frame> {
  await page.goto(`${server.url}/demo/returns`);
  await page.waitForFunction(() => 'Deskbell' in window);
  const { width, height } = page.viewportSize()!;
  await page.mouse.click(width - 44, height - 44);
  return chatFrame(page);
}

export async function ask(chat: Frame, text: string): Promise<void> {
  const box = chat.getByRole('textbox');
  await box.fill(text);
  await box.press('Enter');
}

export async function signIn(page: Page, server: RunningServer): Promise<void> {
  await page.goto(`${server.url}/console`);
  await page.getByLabel('E-mail').fill(owner.email);
  await page.getByLabel('Password').fill(owner.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Inbox' }).waitFor(patience);
}

/** Waits until one of the matches is on screen. */
export async function visible(locator: Locator): Promise<void> {
  await locator.filter({ visible: true }).first().waitFor(patience);
}

/** Whether the message stands within what the thread shows now, without scrolling. */
async function isInSight(chat: Frame, words: string): Promise<boolean> {
  const log = chat.getByRole('log');
  const [view, message] = await Promise.all([log.boundingBox(), log.getByText(words).first().boundingBox()]);
  if (view === null || message === null) return false;
  return message.y >= view.y && message.y + message.height <= view.y + view.height;
}

/** The thread's words in order, as a reader sees them. */
async function threadText(scope: Page | Frame): Promise<string> {
  return scope.getByRole('log').innerText();
}

/** From the visitor's first question to the reply of a person, and a reload on both sides. */
export async function playStory(browser: Browser, server: RunningServer, story: Story): Promise<void> {
  const visitor = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  const agent = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signIn(agent, server);

  const chat = await openChat(visitor, server);
  await ask(chat, story.answerable);
  await visible(chat.getByText(story.answer));
  const citation = chat.getByRole('link', { name: /Source 1/ }).first();
  await citation.waitFor(patience);
  expect(await citation.getAttribute('href')).toMatch(story.citedPage);
  await shoot(visitor, 'visitor-answered');

  await ask(chat, story.unanswerable);
  await visible(chat.getByText(/colleague/)).catch(async (error: unknown) => {
    await shoot(visitor, 'visitor-no-handoff');
    throw error;
  });
  await shoot(visitor, 'visitor-waiting');

  // The agent's page has not been touched since it was opened.
  const waiting = agent.getByRole('link', { name: /waiting for/ });
  await waiting.first().waitFor(patience);
  await waiting.first().click();
  await agent.getByRole('button', { name: 'Take over' }).waitFor(patience);
  await shoot(agent, 'agent-waiting');
  await agent.getByRole('button', { name: 'Take over' }).click();
  const reply = agent.getByRole('textbox', { name: /Reply/ });
  await reply.waitFor(patience);
  await visible(chat.getByText(owner.name));

  await reply.pressSequentially('We do not', { delay: 20 });
  // Dots to the eye, words to a screen reader.
  await chat
    .getByText(/typing/i)
    .first()
    .waitFor({ state: 'attached', ...patience });
  await reply.fill('We do not take that yet, but a bank transfer works.');
  await reply.press('Control+Enter');
  await visible(chat.getByText('We do not take that yet, but a bank transfer works.'));
  await expect
    .poll(() => isInSight(chat, 'We do not take that yet, but a bank transfer works.'), patience)
    .toBe(true);
  await shoot(visitor, 'visitor-with-agent');
  await shoot(agent, 'agent-replied');

  await chat.getByRole('textbox').pressSequentially('Thank you', { delay: 20 });
  await visible(agent.getByText(/is typing/));
  await visible(agent.getByText('Online', { exact: true }));
  await ask(chat, 'Thank you, that helps.');
  await visible(chat.getByText(/Delivered|Seen/));
  await visible(agent.getByRole('log').getByText('Thank you, that helps.'));

  await visitor.reload();
  await agent.reload();
  const reopened = await chatFrame(visitor);
  await visible(reopened.getByText('Thank you, that helps.'));
  await visible(agent.getByRole('log').getByText('Thank you, that helps.'));
  for (const scope of [reopened, agent]) {
    const text = await threadText(scope);
    const places = [
      story.answerable,
      story.unanswerable,
      'a bank transfer works',
      'Thank you, that helps.',
    ].map((words) => text.indexOf(words));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  }

  // The AI has written nothing since the person came.
  expect(await threadText(reopened)).not.toMatch(/a bank transfer works[\s\S]*From our pages/);
  await agent.getByRole('button', { name: 'Hand back to AI' }).click();
  await visible(reopened.getByText(/handed back/));
  await ask(reopened, story.answerable);
  await expect
    .poll(async () => (await threadText(reopened)).split(story.answer).length, patience)
    .toBeGreaterThan(2);
  await agent.getByRole('button', { name: 'Take over' }).click();
  await agent.getByRole('button', { name: 'Resolve', exact: true }).click();
  await visible(reopened.getByText(/resolved|closed/i)).catch(async (error: unknown) => {
    await shoot(visitor, 'visitor-not-resolved');
    await shoot(agent, 'agent-not-resolved');
    throw error;
  });
  await visitor.context().close();
  await agent.context().close();
}
