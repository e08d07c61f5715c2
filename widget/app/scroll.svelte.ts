/** Nearer to the end than this (CSS px) counts as being there. */
const slack = 32;
/** Space left above the newest message of a person while an answer of the AI grows below it. */
const headroom = 12;

/**
 * How far down the thread may go: the newest message of a person, the visitor's question or a colleague's
 * reply, stays in sight, unless giving it up is enough to show the whole of what follows.
 */
function capFor(anchor: HTMLElement, end: number): number {
  const cap = anchor.offsetTop - headroom;
  return end - cap <= anchor.offsetHeight ? end : cap;
}

/**
 * Keeps a thread's scroll position where its reader wants it. It follows the end until the visitor scrolls up;
 * and it stops following when the newest message of a person reaches the top, so that a long answer is read
 * from its beginning and never runs away.
 */
export class ScrollKeeper {
  isAtEnd = $state(true);
  /** False once the visitor has scrolled away on purpose. */
  isFollowing = $state(true);

  #container: HTMLElement | null = null;
  #isFirst = true;
  /** Where the thread stood when it was last looked at. */
  #last = { top: 0, height: 0, viewHeight: 0 };

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
      const anchor = [...container.querySelectorAll<HTMLElement>('[data-anchor]')].at(-1);
      const cap = anchor && !this.#isFirst ? capFor(anchor, end) : end;
      const top = Math.max(Math.min(end, cap), Math.min(container.scrollTop, end));
      container.scrollTop = top;
    }
    this.#measure(container);
  }

  /** Only a move up that the thread's own shrinking does not explain was meant by the visitor. */
  #notice(): void {
    const container = this.#container;
    if (!container) return;
    const { top, height, viewHeight } = this.#last;
    const hasShrunk = container.scrollHeight < height || container.clientHeight > viewHeight;
    const hasMovedUp = container.scrollTop < top - 2;
    this.#measure(container);
    if (this.isAtEnd) this.isFollowing = true;
    else if (hasMovedUp && !hasShrunk) this.isFollowing = false;
  }

  #measure(container: HTMLElement): void {
    const { scrollTop: top, scrollHeight: height, clientHeight: viewHeight } = container;
    this.#last = { top, height, viewHeight };
    this.isAtEnd = height - viewHeight - top <= slack;
  }
}
