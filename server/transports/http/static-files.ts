import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Request, Response } from 'express';

/** Files whose name changes with their content may be kept for ever. */
export const immutableCache = 'public, max-age=31536000, immutable';
/** Files with a fixed name: kept for minutes, then asked for again by their ETag. */
export const shortCache = 'public, max-age=300, stale-while-revalidate=86400';

const encodings = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const;

async function isFile(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => null);
  return found?.isFile() ?? false;
}

/** The file inside `root`, or null when the name leads out of it or to nothing. Dot files are never found. */
async function locate(root: string, name: string): Promise<string | null> {
  const parts = name.split('/').filter((part) => part !== '');
  if (parts.length === 0 || parts.some((part) => part.startsWith('.') || /[\\\0]/.test(part))) return null;
  const file = path.join(root, ...parts);
  return (await isFile(file)) ? file : null;
}

function send(response: Response, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    // the caller has set Cache-Control; ETag and Last-Modified are sendFile's
    response.sendFile(file, { cacheControl: false, dotfiles: 'allow' }, (error: Error | undefined) => {
      if (error === undefined || response.headersSent) resolve();
      else reject(error);
    });
  });
}

/**
 * Sends a file of a build folder, compressed where a compressed copy lies beside it and the browser takes it.
 * @returns false when there is no such file; nothing has been sent then.
 */
export async function sendBuildFile(
  request: Request,
  response: Response,
  options: { root: string; name: string; cache: string },
): Promise<boolean> {
  const file = await locate(options.root, options.name);
  if (file === null) return false;
  response.set({ 'cache-control': options.cache, vary: 'Accept-Encoding' }).type(path.extname(file));
  for (const { name, suffix } of encodings) {
    if (request.acceptsEncodings(name) !== name || !(await isFile(file + suffix))) continue;
    response.set('content-encoding', name);
    await send(response, file + suffix);
    return true;
  }
  await send(response, file);
  return true;
}
