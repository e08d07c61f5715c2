import type { SocketLike } from '../protocol/client.ts';

/** A socket that a test plays by hand: what the client wrote, and what the server "says". */
export interface FakeSocket extends SocketLike {
  url: string;
  sent: (Record<string, unknown> & { type: string })[];
  /** The server accepts. */
  open(): void;
  say(frame: object): void;
  /** The line goes, from the other side. */
  drop(code?: number, reason?: string): void;
}

/** Makes fake sockets and keeps them, newest last. */
export function createFakeSockets() {
  const sockets: FakeSocket[] = [];
  const openSocket = (url: string): FakeSocket => {
    let state = 0;
    const socket: FakeSocket = {
      url,
      sent: [],
      get readyState() {
        return state;
      },
      onopen: null,
      onmessage: null,
      onclose: null,
      onerror: null,
      send: (data) => void socket.sent.push(JSON.parse(data)),
      close: () => (state = 3),
      open() {
        state = 1;
        Reflect.apply(socket.onopen ?? ignore, socket, [{}]);
      },
      say: (frame) =>
        void Reflect.apply(socket.onmessage ?? ignore, socket, [{ data: JSON.stringify(frame) }]),
      drop(code = 1006, reason = '') {
        state = 3;
        Reflect.apply(socket.onclose ?? ignore, socket, [{ code, reason }]);
      },
    };
    sockets.push(socket);
    return socket;
  };
  return { sockets, openSocket };
}

function ignore(): void {}
