import { block, extracted, type Extracted } from './types.ts';

const titleMaxLetters = 120;

/** The first line, if it reads like a title: short, followed by an empty line, no end of a sentence. */
function titleLine(paragraphs: readonly string[]): string | null {
  const first = paragraphs[0] ?? '';
  if (paragraphs.length < 2 || first.includes('\n') || first.length > titleMaxLetters) return null;
  return /[.!?,;:]$/.test(first) ? null : first;
}

/** Plain text: paragraphs are set apart by empty lines; line breaks inside of them are kept. */
export function extractText(text: string): Extracted {
  const paragraphs = text
    .replace(/\r\n?/g, '\n')
    .replaceAll(String.fromCharCode(0), '')
    .replaceAll('\ufeff', '')
    .split(/\n[ \t\f\v]*\n\s*/)
    .map((paragraph) =>
      paragraph
        .replace(/[ \t\f\v]+/g, ' ')
        .replace(/ ?\n ?/g, '\n')
        .trim(),
    )
    .filter((paragraph) => paragraph !== '');
  return extracted(
    paragraphs.map((paragraph) => block('paragraph', paragraph)),
    { title: titleLine(paragraphs) },
  );
}
