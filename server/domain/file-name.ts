/** A name that is safe to show and to store: no control or bidi characters, no way up, at most 400 characters. */
export function cleanFileName(name: string): string {
  const parts = name
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}]/gu, '')
    .split(/[\\/]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== '.' && part !== '..');
  const joined = parts.join('/');
  return joined === '' ? 'unnamed' : joined.slice(-400).toWellFormed();
}
