/** Fenced code, which is left as it is. */
const fence = /^ {0,3}(`{3,}|~{3,})/;

function withoutModuleLines(lines: readonly string[]): string[] {
  const kept: string[] = [];
  let openFence: string | null = null;
  let isInStatement = false;
  for (const line of lines) {
    const mark = fence.exec(line)?.[1] ?? null;
    if (openFence !== null) {
      if (mark?.startsWith(openFence) === true) openFence = null;
      kept.push(line);
      continue;
    }
    // An import or export goes on until an empty line (MDX 3: it is a paragraph of its own).
    if (/^(?:import|export)\s/.test(line)) isInStatement = true;
    if (line.trim() === '') isInStatement = false;
    if (isInStatement) continue;
    openFence = mark;
    kept.push(mark === null ? withoutComponents(line) : line);
  }
  return kept;
}

/** Takes the tags of components and the expressions out of a line, but not what stands in inline code. */
function withoutComponents(line: string): string {
  return line
    .split(/(`[^`]*`)/)
    .map((piece) =>
      piece.startsWith('`')
        ? piece
        : piece
            .replace(/<\/?[A-Z][\w.]*(?:\s(?:[^<>"'{}]|"[^"]*"|'[^']*'|\{[^{}]*\})*)?\/?>/g, '')
            .replace(/<\/?>/g, '')
            .replace(/\{\/\*[^]*?\*\/\}|\{[^{}]*\}/g, ''),
    )
    .join('');
}

/** The Markdown of an MDX page: without imports, exports, component tags and expressions; their text stays. */
export function mdxToMarkdown(text: string): string {
  const front = /^---\r?\n[^]*?\n---[ \t]*(?:\r?\n|$)/.exec(text)?.[0] ?? '';
  return front + withoutModuleLines(text.slice(front.length).split(/\r?\n/)).join('\n');
}
