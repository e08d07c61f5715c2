import { envelope, readToHost, type Received, type ToFrame, type ToHost } from '../host-messages.ts';
import type { LauncherSettings } from './settings.ts';
import type { LauncherView } from './view.ts';

/** The host's side of the talk with the iframe, which is made when it is first wanted. */
export interface FramePort {
  /** Makes the iframe, unless it is there. */
  load(): void;
  /** Says it now, or as soon as the frame listens; only the newest counts. */
  post(message: ToFrame): void;
}

export interface FramePortDeps {
  settings: LauncherSettings;
  view: LauncherView;
  onMessage(listener: (event: Received) => void): void;
  onSaid(message: Exclude<ToHost, { type: 'ready' }>): void;
}

export function createFramePort({ settings, view, onMessage, onSaid }: FramePortDeps): FramePort {
  let frame: HTMLIFrameElement | null = null;
  let isReady = false;
  let newest: ToFrame = { type: 'closed', connects: false };

  const post = (message: ToFrame): void => {
    newest = message;
    if (isReady) frame?.contentWindow?.postMessage(envelope(message), settings.origin);
  };
  onMessage((event) => {
    const message = readToHost(event, { origin: settings.origin, source: frame?.contentWindow ?? null });
    if (message?.type === 'ready') {
      isReady = true;
      post(newest);
    } else if (message) onSaid(message);
  });
  return {
    load: () => {
      frame ??= view.addFrame(settings.frameUrl);
    },
    post,
  };
}
