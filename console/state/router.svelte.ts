import { routeOfClick } from '../lib/link-click.ts';
import { hrefOf, parseRoute, type Route } from '../lib/routes.ts';

/** The members of `window` that the router uses. */
export interface RouterWindow {
  location: { pathname: string; search: string; origin: string };
  history: {
    pushState(data: unknown, unused: string, url: string): void;
    replaceState(data: unknown, unused: string, url: string): void;
  };
  addEventListener(type: 'popstate', listener: () => void): void;
  removeEventListener(type: 'popstate', listener: () => void): void;
}

/** Keeps `route` equal to the address bar, both ways. */
export class Router {
  route: Route = $state.raw({ name: 'inbox', conversationId: null });
  readonly #window: RouterWindow;
  readonly #onPop = () => this.#read();

  constructor(view: RouterWindow) {
    this.#window = view;
    this.#read();
    view.addEventListener('popstate', this.#onPop);
  }

  /** Goes to a place as a new step of the history; nothing happens when we are there already. */
  go(route: Route): void {
    const href = hrefOf(route);
    if (href === this.#address()) return;
    this.#window.history.pushState(null, '', href);
    this.route = route;
  }

  /** Goes to a place without a step to go back to. */
  replace(route: Route): void {
    this.#window.history.replaceState(null, '', hrefOf(route));
    this.route = route;
  }

  /**
   * Follows a click on an own link without loading the page anew. Clicks that mean something else (new tab,
   * download, other origin) are left to the browser.
   */
  follow(event: MouseEvent): void {
    const route = routeOfClick(event, this.#window.location.origin);
    if (route === null) return;
    event.preventDefault();
    this.go(route);
  }

  dispose(): void {
    this.#window.removeEventListener('popstate', this.#onPop);
  }

  #address(): string {
    return this.#window.location.pathname + this.#window.location.search;
  }

  #read(): void {
    this.route = parseRoute(this.#window.location.pathname, this.#window.location.search);
  }
}
