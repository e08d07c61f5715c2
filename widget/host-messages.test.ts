import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { envelope, readToFrame, readToHost } from './host-messages.ts';

const frameWindow = { name: 'frame' };
const peer = { origin: 'https://chat.example', source: frameWindow };
const event = (data: unknown, change: { origin?: string; source?: unknown } = {}) => ({
  data,
  origin: 'https://chat.example',
  source: frameWindow,
  ...change,
});

describe('readToHost', () => {
  it('reads what the frame says', () => {
    const status = { type: 'status', unread: 2, hasConversation: true } as const;
    expect(readToHost(event(envelope(status)), peer)).toEqual(status);
    expect(readToHost(event(envelope({ type: 'ready' })), peer)).toEqual({ type: 'ready' });
    expect(readToHost(event(envelope({ type: 'close' })), peer)).toEqual({ type: 'close' });
  });

  it.each([
    'https://evil.example',
    'http://chat.example',
    'https://chat.example.evil.example',
    'https://chat.example:8443',
    'null',
    '',
  ])('does not believe the origin %j', (origin) => {
    expect(readToHost(event(envelope({ type: 'close' }), { origin }), peer)).toBeNull();
  });

  it('does not believe another window of the same origin, nor no window', () => {
    for (const source of [{ name: 'frame' }, null, undefined]) {
      expect(readToHost(event(envelope({ type: 'close' }), { source }), peer)).toBeNull();
    }
    expect(
      readToHost(event(envelope({ type: 'close' }), { source: null }), { ...peer, source: null }),
    ).toBeNull();
  });

  it.each([
    { type: 'close' },
    { deskbell: 2, type: 'close' },
    { deskbell: 1, type: 'opened' },
    { deskbell: 1, type: 'status', unread: -1, hasConversation: true },
    { deskbell: 1, type: 'status', unread: 1.5, hasConversation: true },
    { deskbell: 1, type: 'status', unread: '1', hasConversation: true },
    { deskbell: 1, type: 'status', unread: Number.NaN, hasConversation: true },
    { deskbell: 1, type: 'status', unread: 1, hasConversation: 'yes' },
    { deskbell: 1, type: 'status', unread: 1 },
    { deskbell: 1 },
    '{"deskbell":1,"type":"close"}',
    null,
  ])('drops the shape %j', (data) => {
    expect(readToHost(event(data), peer)).toBeNull();
  });

  it('passes on nothing but the known members', () => {
    const data = { deskbell: 1, type: 'status', unread: 1, hasConversation: true, text: 'secret' };
    expect(readToHost(event(data), peer)).toEqual({ type: 'status', unread: 1, hasConversation: true });
  });

  it('survives anything', () => {
    fc.assert(
      fc.property(fc.anything(), (data) => {
        const read = readToHost(event(data), peer);
        expect(read === null || ['ready', 'close', 'status'].includes(read.type)).toBe(true);
      }),
    );
  });
});

describe('readToFrame', () => {
  it('reads what the host says and nothing else', () => {
    const opened = { type: 'opened', takesFocus: true } as const;
    expect(readToFrame(event(envelope(opened)), peer)).toEqual(opened);
    expect(readToFrame(event({ deskbell: 1, type: 'opened' }), peer)).toBeNull();
    const closed = { type: 'closed', connects: true } as const;
    expect(readToFrame(event(envelope(closed)), peer)).toEqual(closed);
    expect(readToFrame(event({ deskbell: 1, type: 'closed', connects: 1 }), peer)).toBeNull();
    expect(readToFrame(event(envelope({ type: 'close' })), peer)).toBeNull();
    expect(readToFrame(event(envelope(opened), { origin: 'https://evil.example' }), peer)).toBeNull();
    expect(readToFrame(event(envelope(opened), { source: {} }), peer)).toBeNull();
  });
});
