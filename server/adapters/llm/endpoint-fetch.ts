// The provider's address is the operator's own setting, not a visitor's or an owner's, so it does not pass the
// guarded client; undici's agent is used for the connect time-out, which the built-in fetch does not offer.
// eslint-disable-next-line no-restricted-imports
import { Agent, fetch as agentFetch } from 'undici';

/** A `fetch` for addresses that the operator configured, with a time limit for connecting and no other. */
export function createEndpointFetch(
  connectMs: number,
): (url: string | URL | Request, init?: RequestInit) => Promise<Response> {
  const dispatcher = new Agent({ connect: { timeout: connectMs }, bodyTimeout: 0, headersTimeout: 0 });
  return async (url, init) => {
    const address = url instanceof Request ? url.url : url;
    const reply = await agentFetch(address, { ...toAgentInit(init), dispatcher });
    return toResponse(reply);
  };
}

function toAgentInit(init: RequestInit | undefined): Parameters<typeof agentFetch>[1] {
  const { method, body, signal, redirect } = init ?? {};
  return {
    headers: [...new Headers(init?.headers)],
    ...(method === undefined ? {} : { method }),
    ...(typeof body === 'string' ? { body } : {}),
    ...(signal === undefined ? {} : { signal }),
    ...(redirect === undefined ? {} : { redirect }),
  };
}

/** The agent's reply as the platform's `Response`; the body is passed on unread. */
function toResponse(reply: Awaited<ReturnType<typeof agentFetch>>): Response {
  const headers = new Headers([...reply.headers]);
  const body = reply.body instanceof ReadableStream ? reply.body : null;
  return new Response(body, { status: reply.status, statusText: reply.statusText, headers });
}
