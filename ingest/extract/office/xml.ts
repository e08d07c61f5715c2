import { Parser } from 'htmlparser2';

/** What a walk over an XML part calls. Names carry their usual prefix (`w:p`, `text:h`), whatever the file calls them. */
export interface XmlHandler {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(data: string): void;
  close?(name: string): void;
}

/** Prefixes by the end of a namespace: of Office Open XML, transitional and strict alike. */
const usualPrefixes: readonly [RegExp, string][] = [
  [/\/drawingml\/(?:2006\/)?chart$/, 'c'],
  [/\/drawingml\/(?:2006\/)?main$/, 'a'],
  [/\/drawingml\/(?:2006\/)?diagram$/, 'dgm'],
  [/\/officeDocument\/(?:2006\/)?relationships$/, 'r'],
  [/\/officeDocument\/(?:2006\/)?math$/, 'm'],
  [/\/wordprocessingml\/(?:2006\/)?main$/, 'w'],
  [/\/presentationml\/(?:2006\/)?main$/, 'p'],
  [/\/spreadsheetml\/(?:2006\/)?main$/, ''],
];

/** Prefixes that stand for another than they usually do. */
type Scope = ReadonlyMap<string, string>;
const noScope: Scope = new Map();

const usualPrefix = (prefix: string, namespace: string): string =>
  usualPrefixes.find(([end]) => end.test(namespace))?.[1] ?? prefix;

const declaration = /\sxmlns(?::([^\s=]+))?\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Whether a file uses the usual prefixes, as most do; then names need no translation. */
function isUsual(xml: string): boolean {
  for (const [, prefix = '', double, single] of xml.matchAll(declaration))
    if (usualPrefix(prefix, double ?? single ?? '') !== prefix) return false;
  return true;
}

function scopeWith(outer: Scope, attributes: Readonly<Record<string, string>>): Scope {
  const scope = new Map(outer);
  for (const [name, namespace] of Object.entries(attributes)) {
    if (!/^xmlns(?::|$)/.test(name)) continue;
    const prefix = name.slice('xmlns:'.length);
    scope.set(prefix, usualPrefix(prefix, namespace));
  }
  return scope;
}

function usualName(name: string, scope: Scope): string {
  const colon = name.indexOf(':');
  const prefix = scope.get(name.slice(0, Math.max(0, colon)));
  if (prefix === undefined) return name;
  return prefix === '' ? name.slice(colon + 1) : `${prefix}:${name.slice(colon + 1)}`;
}

/** Gives a handler the usual names. */
function translating(handler: XmlHandler): XmlHandler {
  const scopes: Scope[] = [];
  return {
    open(name, attributes) {
      const scope = scopeWith(scopes.at(-1) ?? noScope, attributes);
      scopes.push(scope);
      // Attributes without a prefix belong to no namespace.
      const named = Object.entries(attributes).map(([key, value]) => {
        return [key.includes(':') ? usualName(key, scope) : key, value] as const;
      });
      handler.open?.(usualName(name, scope), Object.fromEntries(named));
    },
    text: (data) => handler.text?.(data),
    close: (name) => handler.close?.(usualName(name, scopes.pop() ?? noScope)),
  };
}

/**
 * Walks an XML document as a stream. Document types, entities of their own and external references are not
 * processed at all, so there is nothing to expand and nothing to fetch.
 */
export function walkXml(bytes: Buffer, handler: XmlHandler): void {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || bytes[1] === 0;
  const xml = bytes.toString(isUtf16 ? 'utf16le' : 'utf8').replaceAll('\0', '');
  const { open, text, close } = isUsual(xml) ? handler : translating(handler);
  const parser = new Parser(
    {
      onopentag: (name, attributes) => open?.(name, attributes),
      ontext: (data) => text?.(data),
      onclosetag: (name) => close?.(name),
    },
    { xmlMode: true },
  );
  parser.write(xml);
  parser.end();
}

/** Where the relations of a part stand: beside it. */
export const relationsOf = (name: string): string => name.replace(/([^/]*)$/, '_rels/$1.rels');
/** The folder that a part is in. */
export const folderOf = (name: string): string => name.replace(/\/[^/]*$/, '');

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
