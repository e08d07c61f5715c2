/** Excel's day 0; days of a series begin there. */
const dayZeroMs = Date.UTC(1899, 11, 30);
const minuteMs = 60_000;
const dayMs = 1440 * minuteMs;
/** The last day that Excel knows: 31 December 9999. */
const lastDay = 2_958_466;

const two = (value: number) => String(value).padStart(2, '0');

/** A share of a day as a time, or days as hours beyond 24 where the format counts on. */
function timeOf(value: number, countsOn: boolean): string {
  const minutes = Math.round(((countsOn ? value : value % 1) * dayMs) / minuteMs);
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/**
 * A number as its format (an Excel format code) shows it: dates (ISO 8601), times of day and percentages; others as
 * few digits as say it, of the 15 that Excel keeps.
 */
export function shownNumber(text: string, format: string): string {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) return text;
  const code = format.replace(/"[^"]*"|\[(?!h+\])[^\]]*\]|\\./gi, '');
  if (code.includes('%')) return `${String(Number((value * 100).toPrecision(6)))}%`;
  const isOfTime = !/general/i.test(code) && value >= 0 && value < lastDay;
  const hasTime = /h/i.test(code);
  if (isOfTime && /[yd]/i.test(code)) {
    const day = new Date(dayZeroMs + Math.floor(value) * dayMs).toISOString().slice(0, 10);
    return hasTime ? `${day} ${timeOf(value, false)}` : day;
  }
  if (isOfTime && hasTime) return timeOf(value, /\[h+\]/i.test(code));
  return String(Number(value.toPrecision(15)));
}
