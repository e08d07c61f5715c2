import {
  createBrowserOutbox,
  createVisitorClient,
  type VisitorClient,
} from '../../server/protocol/client.ts';
import type { VisitorSession } from '../../server/protocol/http.ts';

/** The real client of a session, on the socket of the server that this page came from. */
export function createEngine(session: VisitorSession, socketUrl: string): VisitorClient {
  return createVisitorClient({
    url: socketUrl,
    site: session.site.id,
    token: session.token,
    conversationId: session.conversationId,
    outbox: createBrowserOutbox(`visitor-${session.site.id}`),
  });
}
