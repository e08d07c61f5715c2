import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { newConversation } from '../../domain/conversation.ts';
import type { ConversationState, EventBody } from '../../protocol/entities.ts';
import { appendChanges, lockConversation } from '../../store/conversation-append.ts';
import { insertVisitor } from '../../store/visitor.ts';
import { startHttpApp, type TestHttpApp } from '../../testing/http-app.ts';

let app: TestHttpApp;
const key = { authorization: 'Bearer dbk_test' };
const begin = Date.UTC(2026, 10, 21, 8, 30);
const pageSchema = z.object({
  conversations: z.array(z.looseObject({ conversationId: z.string(), state: z.string() })),
  next: z.string().nullable(),
});

beforeAll(async () => {
  app = await startHttpApp();
  await app.access.prepare({ owner: null, apiKey: 'dbk_test' });
});
afterAll(() => app.close());

async function addConversation(
  bodies: EventBody[],
  {
    siteId = 'default',
    state = 'ai',
    at = begin,
  }: { siteId?: string; state?: ConversationState; at?: number } = {},
): Promise<string> {
  const [id, visitorId] = [app.ids.uuid(), app.ids.uuid()];
  await insertVisitor(app.db, { id: visitorId, siteId, name: 'Visitor AB12', at: new Date(at) });
  await app.db.transaction(async (tx) => {
    const owner = { siteId, visitorId };
    const locked = await lockConversation(tx, { id, clientId: null, owner, epoch: 'e', at: new Date(at) });
    if (locked === null) throw new Error('The conversation was not made.');
    const events = bodies.map((body, index) => ({
      conversationId: id,
      seq: index + 1,
      at: new Date(at + index * 60_000).toISOString(),
      clientId: null,
      body,
    }));
    const status = { ...newConversation, state, lastSeq: bodies.length };
    const quiet = { preview: null, handoffReason: null, isActivity: false, turnLeaseAt: null };
    const change = { before: locked.record, clientId: null, events, status, at: new Date(at), ...quiet };
    await appendChanges(tx, [change]);
  });
  return id;
}

const message = (role: 'visitor' | 'ai' | 'agent', text: string, more: object = {}): EventBody =>
  ({
    type: 'message-added',
    messageId: app.ids.uuid(),
    author: { role, id: null, name: role === 'agent' ? 'Maya' : null },
    text,
    citations: [],
    status: 'complete',
    turnId: null,
    answer: null,
    ...more,
  }) as EventBody;

const get = (path: string) => app.request(`/api/v1/sites/${path}`, { headers: key });
const list = async (query: string) =>
  pageSchema.parse(await (await get(`default/conversations${query}`)).json());

describe('conversations', () => {
  it('are listed newest first, a page at a time, none twice though several were active in the same moment', async () => {
    const made: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      const at = begin + Math.floor(index / 3) * 1000;
      made.push(await addConversation([message('visitor', `Hello ${index}`)], { at }));
    }
    const seen: string[] = [];
    let after = '';
    do {
      const page = await list(`?limit=2${after}`);
      seen.push(...page.conversations.map(({ conversationId }) => conversationId));
      after = page.next === null ? '' : `&after=${encodeURIComponent(page.next)}`;
    } while (after !== '');
    expect(seen.toSorted()).toEqual(made.toSorted());
    expect(made.slice(6)).toEqual([seen[0]]);
    expect(made.slice(3, 6).toSorted()).toEqual(seen.slice(1, 4).toSorted());
  });

  it('can be chosen by state', async () => {
    const waiting = await addConversation([message('visitor', 'Help')], { state: 'waiting' });
    const page = await list('?state=waiting');
    expect(page.conversations.map(({ conversationId }) => conversationId)).toEqual([waiting]);
    expect((await get('default/conversations?state=asleep')).status).toBe(400);
    expect((await get('default/conversations?after=x')).status).toBe(400);
  });

  it('come with their whole log, and as Markdown to keep', async () => {
    const citations = [
      { marker: 1, documentId: 'r', title: 'Returns', url: 'https://shop.example/r', quote: 'q' },
    ];
    const id = await addConversation([
      message('visitor', 'Can I return boots?\n# Not a heading'),
      message('ai', 'Yes. [1]', { citations }),
      { type: 'handoff-requested', reason: 'visitor-asked', notice: 'Soon.', packet: null },
      { type: 'conversation-assigned', agentId: app.ids.uuid(), agentName: 'Maya' },
      message('agent', 'I am here.'),
    ]);
    const whole = z.object({ events: z.array(z.object({ seq: z.number() })) });
    const { events } = whole.parse(await (await get(`default/conversations/${id}`)).json());
    expect(events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    const response = await get(`default/conversations/${id}/transcript`);
    expect(response.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(await response.text()).toBe(`# Visitor AB12 on My site

Started 2026-11-21 08:30 UTC, ai.

2026-11-21 08:30 **Visitor**

> Can I return boots?
> # Not a heading

2026-11-21 08:31 **AI**

> Yes. [1]

[1] Returns <https://shop.example/r>

2026-11-21 08:32 *A person was called: the visitor asked for a person.*

2026-11-21 08:33 *Maya took over.*

2026-11-21 08:34 **Maya**

> I am here.
`);
  });

  it('of another site are not found, though the id is known', async () => {
    const id = await addConversation([message('visitor', 'Secret')], { siteId: 'demo' });
    for (const path of [id, `${id}/transcript`]) {
      const response = await get(`default/conversations/${path}`);
      expect(response.status).toBe(404);
      expect(await response.text()).not.toContain('Secret');
    }
    expect((await get(`demo/conversations/${id}`)).status).toBe(200);
    expect(JSON.stringify(await list('?limit=1000'))).not.toContain(id);
  });
});
