import { createLauncher, type DeskbellApi, type OpenMemory } from './launcher/launcher.ts';
import { readSettings, type LauncherSettings } from './launcher/settings.ts';
import { launcherTexts } from './launcher/texts.ts';
import { createLauncherView } from './launcher/view.ts';

/**
 * The script of the one-line snippet. Mounts the launcher when the page has nothing better to do; no network,
 * no cookie and no storage before the visitor turns to it. A second copy of the script does nothing.
 */
declare global {
  interface Window {
    Deskbell?: DeskbellApi;
    /** Set by the first copy of the script, before it has mounted. */
    isDeskbellLoaded?: true;
  }
}

/** Session storage that a page may deny us: then the chat forgets whether it was open. */
function createOpenMemory(site: string): OpenMemory {
  const key = `deskbell:${site}`;
  return {
    read: () => {
      try {
        return sessionStorage.getItem(key);
      } catch {
        return null;
      }
    },
    write: (value) => {
      try {
        sessionStorage.setItem(key, value);
      } catch {
        // Denied storage is the visitor's choice; nothing else depends on it.
      }
    },
  };
}

function mount(settings: LauncherSettings): void {
  const texts = launcherTexts(document.documentElement.lang || navigator.language);
  window.Deskbell = createLauncher({
    settings,
    view: createLauncherView(settings, texts),
    memory: createOpenMemory(settings.site),
    onMessage: (listener) => window.addEventListener('message', listener),
    onEscape: (listener) =>
      document.addEventListener('keydown', (event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) listener();
      }),
  });
  document.dispatchEvent(new CustomEvent('deskbell-ready'));
}

/** Runs once the body is there and the page is idle, at the latest after 2 s. */
function whenIdle(run: () => void): void {
  const later = (): void => {
    if ('requestIdleCallback' in window) window.requestIdleCallback(run, { timeout: 2000 });
    else setTimeout(run, 1);
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', later, { once: true });
  else later();
}

const script = document.currentScript ?? document.querySelector('script[data-site][src*="widget.js"]');
if (!window.isDeskbellLoaded && script instanceof HTMLScriptElement) {
  const settings = readSettings(script, {
    origin: location.origin,
    language: document.documentElement.lang,
  });
  if (settings) {
    window.isDeskbellLoaded = true;
    whenIdle(() => mount(settings));
  }
}
