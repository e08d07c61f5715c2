/** What the loader tells the frame in its address. */
export interface FrameParams {
  site: string;
  /** Origin of the host page; null when the chat is a page of its own. */
  hostOrigin: string | null;
  /** Languages to try, best first. */
  languages: readonly string[];
}

/** Reads the frame's query. The site is checked by the server, the origin by every message received. */
export function readParams(search: string, languages: readonly string[]): FrameParams {
  const query = new URLSearchParams(search);
  const host = query.get('host');
  const language = query.get('lang') ?? '';
  return {
    site: query.get('site') ?? 'default',
    hostOrigin: host === null || host === '' ? null : host,
    languages: language === '' ? languages : [language, ...languages],
  };
}
