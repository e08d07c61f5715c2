/** A file's size as people read it: `512 B`, `1.4 KB`, `12 MB` (powers of 1000). */
export const bytes = (size: number): string => {
  if (size < 1000) return `${size} B`;
  const units = ['KB', 'MB', 'GB'];
  let value = size / 1000;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
};
