/** Keeps the unsent text over a reload, in the frame's own session storage. */
export interface DraftStore {
  read(): string;
  write(text: string): void;
}

/** Where storage is denied the draft lives as long as the page. */
export function createDraftStore(site: string, openStorage: () => Storage): DraftStore {
  const key = `deskbell:draft:${site}`;
  const attempt = <Value>(run: (storage: Storage) => Value, otherwise: Value): Value => {
    try {
      return run(openStorage());
    } catch {
      // Denied or full storage: the draft is a convenience.
      return otherwise;
    }
  };
  return {
    read: () => attempt((storage) => storage.getItem(key) ?? '', ''),
    write: (text) =>
      attempt((storage) => {
        if (text === '') storage.removeItem(key);
        else storage.setItem(key, text);
      }, undefined),
  };
}
