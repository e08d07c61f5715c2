/** The words and phrases of a comma-separated line, each once, without empty ones. */
export const splitWords = (line: string): string[] => [
  ...new Set(
    line
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== ''),
  ),
];
