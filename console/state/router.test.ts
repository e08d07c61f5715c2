import { describe, expect, it } from 'vitest';
import { Router, type RouterWindow } from './router.svelte.ts';

const createWindow = (start: string) => {
  const stack = [start];
  let at = 0;
  const listeners = new Set<() => void>();
  const read = () => new URL(stack[at] ?? '/', 'http://localhost');
  const view: RouterWindow = {
    location: {
      get pathname() {
        return read().pathname;
      },
      get search() {
        return read().search;
      },
      origin: 'http://localhost',
    },
    history: {
      pushState: (_data, _unused, url) => void stack.splice((at += 1), stack.length, url),
      replaceState: (_data, _unused, url) => void (stack[at] = url),
    },
    addEventListener: (_type, listener) => void listeners.add(listener),
    removeEventListener: (_type, listener) => void listeners.delete(listener),
  };
  const back = () => {
    at -= 1;
    for (const listener of listeners) listener();
  };
  return { view, stack, back };
};

describe('Router', () => {
  it('begins where the address points, and goes there and back', () => {
    const { view, stack, back } = createWindow('/console/knowledge?site=demo');
    const router = new Router(view);
    expect(router.route).toEqual({ name: 'knowledge', site: 'demo', view: 'sources' });
    router.go({ name: 'inbox', conversationId: 'a' });
    expect(stack.at(-1)).toBe('/console/inbox/a');
    back();
    expect(router.route.name).toBe('knowledge');
  });

  it('does not pile up steps to the same place, and replaces without one', () => {
    const { view, stack } = createWindow('/console/inbox');
    const router = new Router(view);
    router.go({ name: 'inbox', conversationId: null });
    router.replace({ name: 'login' });
    expect(stack).toEqual(['/console/login']);
  });

  it('no longer follows the address after it was disposed of', () => {
    const { view, back } = createWindow('/console/inbox');
    const router = new Router(view);
    router.go({ name: 'playground', site: null });
    router.dispose();
    back();
    expect(router.route.name).toBe('playground');
  });
});
