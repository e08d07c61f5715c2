import { createReadStream, openAsBlob } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from './command.ts';

/** A file to hand over: where it is, and the name it gets, with folders. */
export interface FoundFile {
  file: string;
  name: string;
}

async function walk(folder: string, root: string): Promise<FoundFile[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((left, right) => left.name.localeCompare(right.name));
  const found: FoundFile[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await walk(file, root)));
    else if (entry.isFile()) found.push({ file, name: path.relative(root, file).split(path.sep).join('/') });
  }
  return found;
}

/** The file, or every file below the folder; hidden ones and links are left out. @throws UsageError */
export async function findFiles(target: string): Promise<FoundFile[]> {
  const found = await stat(target).catch(() => null);
  if (found === null)
    throw new UsageError(`There is no file or folder ${target}. An address begins with https://.`);
  return found.isDirectory() ? walk(target, target) : [{ file: target, name: path.basename(target) }];
}

/** Whether the file holds a document per line. */
export function isDocumentLines({ name }: FoundFile): boolean {
  return /\.(jsonl|ndjson)$/i.test(name);
}

/** The file's text, piece by piece. */
export async function* readLines({ file }: FoundFile): AsyncGenerator<string> {
  for await (const chunk of createReadStream(file, { encoding: 'utf8' })) yield String(chunk);
}

/** The files as a multipart form; their bytes are read while it is sent. */
export async function toUpload(files: readonly FoundFile[]): Promise<FormData> {
  const form = new FormData();
  for (const { file, name } of files) form.append('files', await openAsBlob(file), name);
  return form;
}
