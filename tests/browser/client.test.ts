import type { Browser, BrowserContext, Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { callApi, launchBrowser, startServer, waitForDemo, type RunningServer } from './harness.ts';
import { ask, chatFrame, openChat, patience, shoot, signIn, visible } from './story.ts';

const question = 'How long is a gift card valid?';
const answer = /4 years from the day of purchase/;
const anySocket = /\/ws\/visitor/;

describe('the chat’s client in a real browser', () => {
  let server: RunningServer;
  let browser: Browser;
  let context: BrowserContext;
  beforeAll(async () => {
    [server, browser] = await Promise.all([startServer(), launchBrowser()]);
    await waitForDemo(server);
    // before anybody connects: what visitors are told is believed for some seconds
    await callApi(server, 'PATCH', '/sites/demo', { settings: { typingPreview: true } });
  });
  beforeEach(async () => {
    context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  });
  afterEach(() => context.close());
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });

  /** While on, no frame leaves or reaches the page, by whatever way; the page itself loads. */
  async function blockable(): Promise<{ set: (isOn: boolean) => void }> {
    let isOn = false;
    await context.routeWebSocket(anySocket, (socket) => {
      if (isOn) return void socket.close();
      const upstream = socket.connectToServer();
      socket.onMessage((message) => void (isOn ? socket.close() : upstream.send(message)));
    });
    await context.route(anySocket, (request) => (isOn ? request.abort() : request.continue()));
    return { set: (value) => void (isOn = value) };
  }

  const delivered = (chat: Frame) => visible(chat.getByText(/Delivered|Seen/));

  it('MSG-1 an unsent message is shown as waiting, survives a reload, and is sent when there is a way', async () => {
    const line = await blockable();
    line.set(true);
    const page = await context.newPage();
    const chat = await openChat(page, server);
    await ask(chat, question);
    await visible(chat.getByText('Waiting to send'));
    await page.reload();
    const again = await chatFrame(page);
    await visible(again.getByText(question));
    await visible(again.getByText('Waiting to send'));
    line.set(false);
    await visible(again.getByText(answer));
    await delivered(again);
    expect(await again.getByRole('log').getByText(question).count()).toBe(1);
  });

  it('MSG-5 of two tabs that could not send, one closes: the other sends what both wrote, once', async () => {
    const line = await blockable();
    const closing = await context.newPage();
    const left = await openChat(closing, server);
    await ask(left, question);
    await visible(left.getByText(answer));
    const page = await context.newPage();
    const chat = await openChat(page, server);
    await visible(chat.getByText(answer));
    line.set(true);
    const [mine, theirs] = ['Do you ship to Norway?', 'And how long does that take?'];
    await ask(left, theirs);
    await visible(left.getByText('Waiting to send'));
    await ask(chat, mine);
    await visible(chat.getByText('Waiting to send'));
    await closing.close();
    line.set(false);
    const log = chat.getByRole('log');
    for (const text of [theirs, mine]) await visible(log.getByText(text, { exact: true }));
    await chat.getByText('Waiting to send').waitFor({ state: 'detached', ...patience });
    await delivered(chat);
    await page.reload();
    const again = (await chatFrame(page)).getByRole('log');
    for (const text of [question, theirs, mine]) {
      await visible(again.getByText(text, { exact: true }));
      expect(await again.getByText(text, { exact: true }).count()).toBe(1);
    }
  });

  it('CON-9 says when the browser is offline, keeps what is written, and is back at once', async () => {
    const page = await context.newPage();
    const chat = await openChat(page, server);
    await ask(chat, question);
    await visible(chat.getByText(answer));
    await context.setOffline(true);
    await visible(chat.getByText(/You are offline/));
    await context.setOffline(false);
    await chat.getByText(/You are offline/).waitFor({ state: 'hidden', ...patience });
    await ask(chat, 'How long is a gift card good for?');
    await delivered(chat);
  });

  it('works where the browser denies storage', async () => {
    await context.addInitScript(() => {
      Object.defineProperty(window, 'indexedDB', {
        get(): never {
          throw new DOMException('denied', 'SecurityError');
        },
      });
    });
    const page = await context.newPage();
    const chat = await openChat(page, server);
    await ask(chat, question);
    await visible(chat.getByText(answer));
    await delivered(chat);
  });

  it('A6 CON-14 answers where WebSocket hangs for ever, and goes back to it when it works', async () => {
    let isOpen = false;
    const carried: string[] = [];
    await context.routeWebSocket(anySocket, (socket) => {
      if (!isOpen) return;
      const upstream = socket.connectToServer();
      socket.onMessage((message) => {
        carried.push(JSON.parse(String(message)).type);
        upstream.send(message);
      });
    });
    const page = await context.newPage();
    const streams: string[] = [];
    page.on('request', (request) => {
      if (anySocket.test(request.url())) streams.push(request.method());
    });
    const chat = await openChat(page, server);
    await ask(chat, question);
    await visible(chat.getByText(answer));
    await delivered(chat);
    expect(streams).toContain('POST');
    isOpen = true;
    // it is tried every half minute at first
    await expect.poll(() => carried, { timeout: 110_000, interval: 250 }).toContain('hello');
    const posts = streams.length;
    await ask(chat, 'How long is a gift card good for?');
    await expect.poll(() => carried, { timeout: 30_000 }).toContain('message-send');
    await expect.poll(() => chat.getByText(answer).count(), { timeout: 30_000 }).toBe(2);
    expect(streams).toHaveLength(posts);
  }, 180_000);

  it('MSG-5 a refused message says why, after a reload too, and can be sent again', async () => {
    let isRefusing = true;
    await context.routeWebSocket(anySocket, (socket) => {
      const upstream = socket.connectToServer();
      socket.onMessage((message) => {
        const { type, clientId } = JSON.parse(String(message));
        if (type !== 'message-send' || !isRefusing) return upstream.send(message);
        isRefusing = false;
        const refusal = { code: 'invalid-request', message: 'Not like that.', retryAfterMs: null };
        return socket.send(JSON.stringify({ type: 'nack', clientId, ...refusal }));
      });
    });
    const page = await context.newPage();
    const first = await openChat(page, server);
    await ask(first, question);
    await visible(first.getByText('Not sent'));
    await page.reload();
    const chat = await chatFrame(page);
    await visible(chat.getByText('Not sent'));
    await visible(chat.getByText('Not like that.'));
    await chat.getByRole('button', { name: 'Try again' }).click();
    await delivered(chat);
    await visible(chat.getByText(answer));
  });

  it('SIG-5 where the owner wants it, the visitor is told and the agent reads along; SIG-6 sees who is there', async () => {
    const page = await context.newPage();
    const agent = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
    await signIn(agent, server);
    const chat = await openChat(page, server);
    await visible(chat.getByText('Our team sees what you write as you type it.'));
    await ask(chat, 'Can I pay with bitcoin?');
    await visible(chat.getByText(/colleague/));
    await agent.getByRole('button', { name: /^Waiting/ }).click();
    await agent.getByRole('link', { name: /waiting for/ }).click();
    await agent.getByRole('button', { name: 'Take over' }).click();
    await visible(agent.getByText('Online', { exact: true }));
    await chat.getByRole('textbox').pressSequentially('It is for order 48211', { delay: 30 });
    await visible(agent.getByText('It is for order 48211'));
    await shoot(page, 'visitor-typing-shown');
    await shoot(agent, 'agent-reads-along');
    await page.close();
    await visible(agent.getByText('Offline', { exact: true }));
    await agent.context().close();
  });
});
