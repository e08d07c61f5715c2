const boms: readonly [readonly number[], string][] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xff, 0xfe], 'utf-16le'],
  [[0xfe, 0xff], 'utf-16be'],
];

function decoderFor(label: string | null, isFatal: boolean): TextDecoder | null {
  if (label === null) return null;
  try {
    return new TextDecoder(label.trim(), { fatal: isFatal });
  } catch {
    return null;
  }
}

function tryDecode(bytes: Uint8Array, label: string | null): string | null {
  try {
    return decoderFor(label, true)?.decode(bytes) ?? null;
  } catch {
    return null;
  }
}

/** The charset that a `Content-Type` header names. */
export function headerCharset(contentType: string | null): string | null {
  return /charset\s*=\s*["']?([^\s"';]+)/i.exec(contentType ?? '')?.[1] ?? null;
}

/** The charset named in the first 4 kB of an HTML or XML document. */
function declaredCharset(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 4096)).toString('latin1');
  const found =
    /<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w:.-]+)/i.exec(head) ??
    /<\?xml[^>]{0,100}encoding\s*=\s*["']([\w:.-]+)/i.exec(head);
  return found?.[1] ?? null;
}

/** UTF-16 without a mark: Latin text has a zero in every other byte. */
function guessUtf16(bytes: Uint8Array): string | null {
  const sample = bytes.subarray(0, 1024);
  let even = 0;
  let odd = 0;
  sample.forEach((byte, index) => {
    if (byte !== 0) return;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  });
  const third = sample.length / 6;
  if (odd > third && even * 4 < odd) return 'utf-16le';
  if (even > third && odd * 4 < even) return 'utf-16be';
  return null;
}

/**
 * Turns bytes into text. Tried in this order, each only when the bytes are valid in it: byte order mark, the
 * header's charset, the document's own declaration, UTF-8, UTF-16 by its zero bytes; else windows-1252, which
 * accepts anything. Zero characters are dropped: PostgreSQL cannot store them. Labels are those of the WHATWG Encoding Standard, as in browsers.
 */
export function decodeText(bytes: Uint8Array, contentType: string | null): string {
  return decode(bytes, contentType).replaceAll('\0', '');
}

function decode(bytes: Uint8Array, contentType: string | null): string {
  for (const [mark, label] of boms) {
    if (mark.every((byte, index) => bytes[index] === byte)) {
      return new TextDecoder(label).decode(bytes);
    }
  }
  const utf16 = guessUtf16(bytes);
  const labels = [headerCharset(contentType), declaredCharset(bytes), utf16, 'utf-8'];
  for (const label of labels) {
    const text = tryDecode(bytes, label);
    if (text !== null) return text;
  }
  return new TextDecoder('windows-1252').decode(bytes);
}
