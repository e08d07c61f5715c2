import { Parser } from 'htmlparser2';

/** What a walk over an XML part calls. Names carry their usual prefix (`w:p`, `text:h`). */
export interface XmlHandler {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(data: string): void;
  close?(name: string): void;
}

/**
 * Walks an XML document as a stream. Document types, entities of their own and external references are not
 * processed at all, so there is nothing to expand and nothing to fetch.
 */
export function walkXml(bytes: Buffer, handler: XmlHandler): void {
  const parser = new Parser(
    {
      onopentag: (name, attributes) => handler.open?.(name, attributes),
      ontext: (data) => handler.text?.(data),
      onclosetag: (name) => handler.close?.(name),
    },
    { xmlMode: true },
  );
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || bytes[1] === 0;
  parser.write(bytes.toString(isUtf16 ? 'utf16le' : 'utf8').replaceAll('\0', ''));
  parser.end();
}

/** The relationships of a part: id to target, resolved against the part's folder. */
export function readRelations(bytes: Buffer | null, folder: string): Map<string, string> {
  const targets = new Map<string, string>();
  if (bytes === null) return targets;
  walkXml(bytes, {
    open(name, attributes) {
      const { Id: id, Target: target, TargetMode: mode } = attributes;
      if (name !== 'Relationship' || id === undefined || target === undefined || mode === 'External') return;
      targets.set(id, new URL(target, `zip:///${folder}/`).pathname.replace(/^\//, ''));
    },
  });
  return targets;
}

/** The title in an office file's properties. */
export function readTitle(bytes: Buffer | null): string | null {
  let title = '';
  let isIn = false;
  if (bytes !== null) {
    walkXml(bytes, {
      open: (name) => (isIn = name === 'dc:title'),
      text: (data) => {
        if (isIn) title += data;
      },
      close: () => (isIn = false),
    });
  }
  return title.trim() === '' ? null : title.trim();
}
