/** What a key means in the inbox. */
export type Shortcut = 'next' | 'previous' | 'main' | 'reply' | 'resolve' | 'details' | 'search';

const keys: Record<string, Shortcut> = {
  j: 'next',
  ArrowDown: 'next',
  k: 'previous',
  ArrowUp: 'previous',
  Enter: 'main',
  r: 'reply',
  e: 'resolve',
  i: 'details',
  '/': 'search',
};

/** The members of a keyboard event that decide. */
export type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'target'>;

/** Null where the key belongs to a text field, a menu, a dialog or the browser. */
export const readShortcut = (event: KeyPress): Shortcut | null => {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const isTaken =
    typeof Element !== 'undefined' &&
    event.target instanceof Element &&
    event.target.closest('input, textarea, select, [role="menu"], [role="dialog"], [role="alertdialog"]') !==
      null;
  return isTaken ? null : (keys[event.key] ?? null);
};
