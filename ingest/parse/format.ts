/** Formats that can be read. */
export type Format = 'html' | 'markdown' | 'text' | 'csv' | 'pdf' | 'office';

const byExtension: Readonly<Record<string, Format>> = {
  html: 'html',
  htm: 'html',
  xhtml: 'html',
  md: 'markdown',
  markdown: 'markdown',
  mdx: 'markdown',
  txt: 'text',
  text: 'text',
  csv: 'csv',
  tsv: 'csv',
  json: 'text',
};

const byMediaType: Readonly<Record<string, Format>> = {
  'text/html': 'html',
  'application/xhtml+xml': 'html',
  'text/markdown': 'markdown',
  'text/x-markdown': 'markdown',
  'text/plain': 'text',
  'text/csv': 'csv',
  'text/tab-separated-values': 'csv',
  'application/json': 'text',
};

/** Lower-case extension of a file name or of an address's path; empty when there is none. */
export function extensionOf(name: string): string {
  const path = URL.canParse(name) ? new URL(name).pathname : name;
  return /\.([a-z0-9]{1,8})$/i.exec(path)?.[1]?.toLowerCase() ?? '';
}

/** First bytes of formats that are no text, with the name the ledger gives them. */
const binaryMarks: readonly [string, string][] = [
  ['d0cf11e0', 'an old office file'],
  ['89504e47', 'an image'],
  ['ffd8ff', 'an image'],
  ['47494638', 'an image'],
  ['52494646', 'media'],
  ['1f8b', 'a compressed archive'],
  ['7f454c46', 'a program'],
  ['4d5a', 'a program'],
];

function isBinary(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, 1024);
  let zeros = 0;
  for (const byte of sample) if (byte === 0) zeros += 1;
  const isUtf16 = (sample[0] === 0xff && sample[1] === 0xfe) || (sample[0] === 0xfe && sample[1] === 0xff);
  // UTF-16 without a mark is zeros by half.
  const mayBeUtf16 = isUtf16 || (zeros >= sample.length / 3 && zeros <= sample.length * 0.75);
  return zeros > 0 && !mayBeUtf16;
}

/** The header may stand anywhere in the first kilobyte (PDF 1.7, appendix H.3.4.1). */
function isPdf(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 1024)).includes('%PDF-');
}

function looksLikeHtml(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.subarray(0, 1024)).toString('latin1').replaceAll('\0', '');
  return /^\s*(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*(?:<!--[\s\S]*?-->\s*)*<(?:!doctype html|html|head|body|article|main|div|h1|p\b)/i.test(
    head,
  );
}

/** A format that can be read, or what the thing seems to be instead. */
export type FormatGuess = { format: Format } | { format: null; seemsToBe: string };

/**
 * Tells what a file is: by its first bytes, then by the media type it came with, then by its name. Names and
 * types are claims; the bytes decide where they can.
 */
export function guessFormat(bytes: Uint8Array, contentType: string | null, name: string): FormatGuess {
  const hex = Buffer.from(bytes.subarray(0, 8)).toString('hex');
  if (hex.startsWith('504b0304')) return { format: 'office' };
  if (isPdf(bytes)) return { format: 'pdf' };
  const mark = binaryMarks.find(([prefix]) => hex.startsWith(prefix));
  if (mark !== undefined) return { format: null, seemsToBe: mark[1] };
  if (isBinary(bytes)) return { format: null, seemsToBe: 'a binary file' };
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  const extension = extensionOf(name);
  const named = byExtension[extension];
  const typed = byMediaType[mediaType];
  // Servers send Markdown as text/plain; the name knows better.
  if (typed === 'text' && named !== undefined && named !== 'html') return { format: named };
  if (typed !== undefined) return { format: typed === 'text' && looksLikeHtml(bytes) ? 'html' : typed };
  const isGeneric = mediaType === '' || mediaType === 'application/octet-stream';
  if (!isGeneric) return { format: null, seemsToBe: mediaType };
  if (named !== undefined) return { format: named };
  if (looksLikeHtml(bytes)) return { format: 'html' };
  return extension === '' ? { format: 'text' } : { format: null, seemsToBe: `a .${extension} file` };
}
