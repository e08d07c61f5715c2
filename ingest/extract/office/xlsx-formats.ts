import { walkXml } from './xml.ts';

/** Formats that workbooks name by number alone, as far as they change what a number is (ECMA-376, part 1, 18.8.30). */
const builtIn = new Map<number, string>([
  [9, '0%'],
  [10, '0.00%'],
  ...[14, 15, 16, 17, ...Array.from({ length: 10 }, (_, at) => 27 + at)].map((id) => [id, 'd'] as const),
  ...Array.from({ length: 9 }, (_, at) => [50 + at, 'd'] as const),
  ...[18, 19, 20, 21].map((id) => [id, 'h'] as const),
  [22, 'd h'],
  [46, '[h]'],
]);

/** The number formats of a workbook, by the style that cells name. */
export function readFormats(bytes: Buffer | null): string[] {
  const own = new Map<number, string>();
  const formats: string[] = [];
  let isCell = false;
  if (bytes === null) return formats;
  walkXml(bytes, {
    open(name, { numFmtId, formatCode }) {
      if (name === 'numFmt') own.set(Number(numFmtId), formatCode ?? '');
      else if (name === 'cellXfs') isCell = true;
      else if (name === 'xf' && isCell) {
        const id = Number(numFmtId ?? 0);
        formats.push(own.get(id) ?? builtIn.get(id) ?? '');
      }
    },
    close(name) {
      if (name === 'cellXfs') isCell = false;
    },
  });
  return formats;
}
