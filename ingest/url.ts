/** Parameters that only tell where a visitor came from. */
const trackingParameters =
  /^(?:utm_\w+|gclid|dclid|fbclid|msclkid|yclid|twclid|igshid|mc_(?:cid|eid)|_ga|_gl|_hs\w+|mkt_tok|ref_src|spm|phpsessid|jsessionid|sessionid|sid)$/i;

function normalisePath(path: string): string {
  return path
    .replace(/;jsessionid=[^/?#]*/i, '')
    .replace(/%[0-9a-f]{2}/gi, (code) => {
      const character = String.fromCharCode(Number.parseInt(code.slice(1), 16));
      return /[A-Za-z0-9._~-]/.test(character) ? character : code.toUpperCase();
    })
    .replace(/\/{2,}/g, '/');
}

/**
 * One spelling for the addresses of one page (RFC 3986, 6.2.2): no fragment, tracking or session parameters, no
 * default port, unreserved characters unescaped, no doubled slashes. Null for anything but http and https.
 */
export function canonicalUrl(text: string, base?: string): string | null {
  const url = URL.parse(text, base);
  if (url === null || !/^https?:$/.test(url.protocol)) return null;
  url.hash = '';
  url.username = '';
  url.password = '';
  url.pathname = normalisePath(url.pathname);
  const dropped = [...url.searchParams.keys()].filter((name) => trackingParameters.test(name));
  for (const name of dropped) url.searchParams.delete(name);
  if (url.search === '?' || url.searchParams.size === 0) url.search = '';
  return url.href;
}

/** Compiles a glob over paths: `*` within a segment, `**` across segments, `?` one character. */
function globPattern(glob: string): RegExp {
  const source = glob.replace(/\*\*\/?|\*|\?|[.+^${}()|[\]\\]/g, (part) => {
    if (part.startsWith('**')) return '.*';
    if (part === '*') return '[^/]*';
    if (part === '?') return '[^/]';
    return `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}

export interface Scope {
  origin: string;
  include: readonly string[];
  exclude: readonly string[];
}

/** Where an address stands to a crawl. */
export type ScopeCheck = (url: string) => 'in' | 'other-site' | 'excluded';

/** Tells whether an address belongs to a crawl: same origin, in `include` if there is any, not in `exclude`. */
export function createScopeCheck(scope: Scope): ScopeCheck {
  const include = scope.include.map(globPattern);
  const exclude = scope.exclude.map(globPattern);
  return (text) => {
    const url = new URL(text);
    if (url.origin !== scope.origin) return 'other-site';
    const { pathname } = url;
    if (exclude.some((pattern) => pattern.test(pathname))) return 'excluded';
    return include.length === 0 || include.some((pattern) => pattern.test(pathname)) ? 'in' : 'excluded';
  };
}

const unreadable = new Set(
  `png jpg jpeg gif webp svg avif ico bmp tif tiff css js mjs map woff woff2 ttf eot otf mp3 mp4 m4a m4v mov avi webm
   ogg wav flac zip gz tgz bz2 xz 7z rar tar exe msi dmg pkg deb rpm apk iso bin wasm rss atom xml json`.split(
    /\s+/,
  ),
);

/** True for addresses whose name says that there is no text to read (images, scripts, archives ...). */
export function hasUnreadableName(url: string): boolean {
  const extension = /\.([a-z0-9]{1,5})$/i.exec(new URL(url).pathname)?.[1]?.toLowerCase();
  return extension !== undefined && unreadable.has(extension);
}
