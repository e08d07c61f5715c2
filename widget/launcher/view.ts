import { textOn } from '../colour.ts';
import type { LauncherSettings } from './settings.ts';
import { launcherStyles } from './styles.ts';
import type { LauncherTexts } from './texts.ts';

/** What the loader draws on the host page; knows nothing of what it is for. */
export interface LauncherView {
  readonly button: HTMLButtonElement;
  /** Whether the focus is in the launcher or its panel. */
  hasFocus(): boolean;
  setOpen(isOpen: boolean): void;
  setUnread(count: number): void;
  /** Adds the iframe; it begins to load at once. */
  addFrame(url: string): HTMLIFrameElement;
}

const chatPath = 'M20.5 11.6a8 8 0 0 1-11.7 7.1L4 20l1.3-4.6A8 8 0 1 1 20.5 11.6Z';
const downPath = 'm6 9.5 6 6 6-6';

/** By DOM calls only: a host page with Trusted Types refuses `innerHTML`. */
function drawIcon(className: string, path: string): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const icon = document.createElementNS(space, 'svg');
  const line = document.createElementNS(space, 'path');
  icon.setAttribute('viewBox', '0 0 24 24');
  icon.setAttribute('class', className);
  icon.setAttribute('aria-hidden', 'true');
  line.setAttribute('d', path);
  icon.append(line);
  return icon;
}

/** A constructed sheet passes a host's `style-src`; a style element is for browsers that lack it. */
function applyStyles(root: ShadowRoot): void {
  const isConstructable: boolean = 'adoptedStyleSheets' in Document.prototype;
  if (isConstructable) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(launcherStyles);
    root.adoptedStyleSheets = [sheet];
    return;
  }
  const style = document.createElement('style');
  style.textContent = launcherStyles;
  root.append(style);
}

/** Mounts the launcher in a closed shadow root at the end of the page's body. */
export function createLauncherView(settings: LauncherSettings, texts: LauncherTexts): LauncherView {
  const host = document.createElement('deskbell-chat');
  const root = host.attachShadow({ mode: 'closed' });
  applyStyles(root);
  const frameBox = document.createElement('div');
  frameBox.className = settings.position.replace('-', ' ');
  frameBox.style.setProperty('--colour', settings.colour);
  frameBox.style.setProperty('--text', textOn(settings.colour));
  const panel = document.createElement('div');
  panel.className = 'panel';
  const button = document.createElement('button');
  button.type = 'button';
  button.setAttribute('aria-expanded', 'false');
  button.setAttribute('aria-label', texts.open);
  const badge = document.createElement('span');
  badge.className = 'badge';
  badge.hidden = true;
  badge.setAttribute('aria-hidden', 'true');
  button.append(drawIcon('chat', chatPath), drawIcon('down', downPath), badge);
  frameBox.append(panel, button);
  root.append(frameBox);
  document.body.append(host);

  let unread = 0;
  let isOpen = false;
  const draw = (): void => {
    frameBox.classList.toggle('open', isOpen);
    badge.hidden = unread === 0 || isOpen;
    badge.textContent = unread > 99 ? '99+' : String(unread);
    const opening = unread > 0 ? `${texts.open}, ${texts.unread(unread)}` : texts.open;
    button.setAttribute('aria-label', isOpen ? texts.close : opening);
    button.setAttribute('aria-expanded', String(isOpen));
  };
  followKeyboard(panel);

  return {
    button,
    hasFocus: () => root.activeElement !== null,
    setOpen: (next) => {
      isOpen = next;
      draw();
    },
    setUnread: (count) => {
      unread = count;
      draw();
    },
    addFrame: (url) => {
      const frame = document.createElement('iframe');
      frame.title = texts.window;
      frame.allow = 'clipboard-write';
      frame.src = url;
      panel.append(frame);
      return frame;
    },
  };
}

/** On phones the panel is full screen: keep it above the on-screen keyboard. */
function followKeyboard(panel: HTMLElement): void {
  const viewport = window.visualViewport;
  if (!viewport) return;
  const follow = (): void => {
    panel.style.setProperty('--height', `${viewport.height}px`);
    panel.style.setProperty('--top', `${viewport.offsetTop}px`);
  };
  viewport.addEventListener('resize', follow);
  viewport.addEventListener('scroll', follow);
}
