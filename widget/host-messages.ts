/**
 * The messages between the host page's loader and the chat's iframe. The host page never receives any text of
 * the talk. Read by hand and not by zod: this file is part of the loader, which must stay a few KiB.
 */
/**
 * `takesFocus`: the visitor opened it just now, so the place to write may take the focus. `connects`: a talk is
 * under way, so replies are to be counted although the chat is closed.
 */
export type ToFrame = { type: 'opened'; takesFocus: boolean } | { type: 'closed'; connects: boolean };
export type ToHost =
  { type: 'ready' } | { type: 'close' } | { type: 'status'; unread: number; hasConversation: boolean };

/** Marks our messages among all others that a page receives. */
const mark = 'deskbell';
const version = 1;

/** The members of a `MessageEvent` that decide whether it is believed. */
export interface Received {
  data: unknown;
  origin: string;
  source: unknown;
}

/** Who may speak: exactly this window, showing exactly this origin. */
export interface Peer {
  origin: string;
  source: unknown;
}

/** Wraps a message for `postMessage`. */
export function envelope<Message extends ToFrame | ToHost>(message: Message): Message & { deskbell: number } {
  return { ...message, [mark]: version };
}

function bodyFrom(event: Received, peer: Peer): object | null {
  if (event.source === null || event.source !== peer.source || event.origin !== peer.origin) return null;
  const { data } = event;
  if (typeof data !== 'object' || data === null) return null;
  return mark in data && data[mark] === version ? data : null;
}

/** A message of the frame to the host, or null for anything else, whoever sent it. */
export function readToHost(event: Received, peer: Peer): ToHost | null {
  const body = bodyFrom(event, peer);
  if (!body || !('type' in body)) return null;
  if (body.type === 'ready' || body.type === 'close') return { type: body.type };
  if (body.type !== 'status' || !('unread' in body) || !('hasConversation' in body)) return null;
  const { unread, hasConversation } = body;
  if (typeof unread !== 'number' || !Number.isInteger(unread) || unread < 0) return null;
  if (typeof hasConversation !== 'boolean') return null;
  return { type: 'status', unread, hasConversation };
}

/** A message of the host to the frame, or null for anything else, whoever sent it. */
export function readToFrame(event: Received, peer: Peer): ToFrame | null {
  const body = bodyFrom(event, peer);
  if (!body || !('type' in body)) return null;
  if (body.type === 'closed' && 'connects' in body && typeof body.connects === 'boolean') {
    return { type: 'closed', connects: body.connects };
  }
  if (body.type === 'opened' && 'takesFocus' in body && typeof body.takesFocus === 'boolean') {
    return { type: 'opened', takesFocus: body.takesFocus };
  }
  return null;
}
