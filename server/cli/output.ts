/** Where a command writes: results to stdout, everything else to stderr. */
export interface Output {
  readonly isTerminal: boolean;
  /** One line of the result. */
  print(line?: string): void;
  /** Part of a line of the result, at once. */
  write(text: string): void;
  /** The result as JSON, for `--json`. */
  json(value: unknown): void;
  /** One line beside the result: progress, hints, errors. */
  note(line: string): void;
  /** Replaces the status line on a terminal; does nothing elsewhere. */
  status(line: string | null): void;
  bold(text: string): string;
  dim(text: string): string;
}

export interface OutputStreams {
  stdout: { write(text: string): unknown; isTTY?: boolean };
  stderr: { write(text: string): unknown; isTTY?: boolean };
  /** Off when NO_COLOR is set (no-color.org). */
  hasColor: boolean;
}

/** @see Output */
export function createOutput({ stdout, stderr, hasColor }: OutputStreams): Output {
  const isTerminal = stderr.isTTY === true;
  const wrap = (code: number) => (text: string) =>
    hasColor && stdout.isTTY === true ? `\u001b[${code}m${text}\u001b[0m` : text;
  let hasStatus = false;
  const clear = (): void => {
    if (hasStatus) stderr.write('\r\u001b[2K');
    hasStatus = false;
  };
  return {
    isTerminal,
    print(line = '') {
      clear();
      stdout.write(`${line}\n`);
    },
    write(text) {
      clear();
      stdout.write(text);
    },
    json(value) {
      clear();
      stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
    note(line) {
      clear();
      stderr.write(`${line}\n`);
    },
    status(line) {
      if (!isTerminal) return;
      clear();
      if (line === null) return;
      stderr.write(line);
      hasStatus = true;
    },
    bold: wrap(1),
    dim: wrap(2),
  };
}

/** Columns as wide as their widest cell, two spaces apart; the last one is cut to `width`. */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  width = 120,
): string[] {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]): string => {
    const text = cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
    return text.length > width ? `${text.slice(0, width - 1)}…` : text;
  };
  return [line(header), line(widths.map((size) => '─'.repeat(size))), ...rows.map(line)];
}

/** A bar of `size` cells, filled by `share` (0..1) to an eighth of a cell. */
export function formatBar(share: number, size: number): string {
  const eighths = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
  const filled = Math.round(Math.min(1, Math.max(0, share)) * size * 8);
  const whole = '█'.repeat(Math.floor(filled / 8)) + (eighths[filled % 8] ?? '');
  return whole.padEnd(size, '░');
}
