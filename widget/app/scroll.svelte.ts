/** Nearer to the end than this (CSS px) counts as being there. */
const slack = 32;
/** Space left above the newest own message while an answer grows below it. */
const headroom = 12;

/**
 * How far down the thread may go: the visitor's message stays in sight, unless giving it up is enough to show
 * the whole of what follows.
 */
function capFor(own: HTMLElement, end: number): number {
  const cap = own.offsetTop - headroom;
  return end - cap <= own.offsetHeight ? end : cap;
}

/**
 * Keeps a thread's scroll position where its reader wants it. It follows the end until the visitor scrolls up;
 * and it stops following when the visitor's own newest message reaches the top, so that a long answer is read
 * from its beginning and never runs away.
 */
export class ScrollKeeper {
  isAtEnd = $state(true);
  /** False once the visitor has scrolled away on purpose. */
  isFollowing = $state(true);

  #container: HTMLElement | null = null;
  #expectedTop = -1;
  #isFirst = true;

  /** For `{@attach keeper.attach}` on the scrolling element, whose first child holds the entries. */
  readonly attach = (container: HTMLElement): (() => void) => {
    this.#container = container;
    const observer = new ResizeObserver(() => this.#settle());
    observer.observe(container);
    if (container.firstElementChild) observer.observe(container.firstElementChild);
    const onScroll = (): void => this.#notice();
    container.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      observer.disconnect();
      container.removeEventListener('scroll', onScroll);
      this.#container = null;
    };
  };

  /** Follows again, because the visitor has written something. */
  follow(): void {
    this.isFollowing = true;
    this.#isFirst = false;
    this.#settle();
  }

  /** Goes to the newest entry. */
  toEnd(): void {
    this.isFollowing = true;
    this.#container?.scrollTo({ top: this.#container.scrollHeight, behavior: 'smooth' });
  }

  #settle(): void {
    const container = this.#container;
    if (!container) return;
    if (this.isFollowing) {
      const end = container.scrollHeight - container.clientHeight;
      const own = [...container.querySelectorAll<HTMLElement>('[data-own]')].at(-1);
      const cap = own && !this.#isFirst ? capFor(own, end) : end;
      const top = Math.max(Math.min(end, cap), Math.min(container.scrollTop, end));
      this.#expectedTop = top;
      container.scrollTop = top;
    }
    this.#measure(container);
  }

  #notice(): void {
    const container = this.#container;
    if (!container) return;
    this.#measure(container);
    if (Math.abs(container.scrollTop - this.#expectedTop) <= 2) return;
    this.#expectedTop = -1;
    this.isFollowing = this.isAtEnd;
  }

  #measure(container: HTMLElement): void {
    this.isAtEnd = container.scrollHeight - container.clientHeight - container.scrollTop <= slack;
  }
}
