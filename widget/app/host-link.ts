import { envelope, readToFrame, type Received, type ToFrame, type ToHost } from '../host-messages.ts';

export interface HostWindow {
  postMessage(message: unknown, targetOrigin: string): void;
}

export interface HostLink {
  post(message: ToHost): void;
}

export interface HostLinkDeps {
  /** The window that frames us. */
  host: HostWindow;
  /** Its origin, as the loader gave it. An opaque one (`null`) can only be addressed with `*`. */
  hostOrigin: string;
  onMessage(listener: (event: Received) => void): void;
  onCommand(command: ToFrame): void;
}

/** The frame's side of the talk with the host page. Nothing of a conversation's text passes here. */
export function createHostLink({ host, hostOrigin, onMessage, onCommand }: HostLinkDeps): HostLink {
  onMessage((event) => {
    const command = readToFrame(event, { origin: hostOrigin, source: host });
    if (command) onCommand(command);
  });
  const target = hostOrigin === 'null' ? '*' : hostOrigin;
  return { post: (message) => host.postMessage(envelope(message), target) };
}
