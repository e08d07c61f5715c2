import type { Server } from 'node:http';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { systemIds as ids } from '../../server/system.ts';
import { untilBegin } from './begin.ts';

/** The floor: `ws` and nothing else. Echoes; to `stream` it sends as many frames as an answer has pieces. */
export function createBareServer(server: Server, pace: { TOKENS: number; TOKEN_MS: number }) {
  const wss = new WebSocketServer({ server, perMessageDeflate: false });
  wss.on('connection', (socket) => {
    socket.on('message', (data) => {
      const text = data.toString();
      if (text.startsWith('{"type":"stream"')) setTimeout(() => stream(socket, pace), untilBegin(text));
      else socket.send(text);
    });
  });
  return { drain: async () => {} };
}

function stream(socket: WebSocket, { TOKENS, TOKEN_MS }: { TOKENS: number; TOKEN_MS: number }): void {
  const [conversationId, turnId] = [ids.uuid(), ids.uuid()];
  let sent = 0;
  const timer = setInterval(() => {
    const frame = { type: 'answer-delta', conversationId, turnId, offset: sent * 6, text: 'token ' };
    socket.send(JSON.stringify(frame));
    sent += 1;
    if (sent < TOKENS) return;
    clearInterval(timer);
    socket.send('{"type":"event"}');
  }, TOKEN_MS);
}
