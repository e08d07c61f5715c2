const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A moment for people: relative under a day, else date and time, in the viewer's zone. `justNow`: under a minute. */
export function formatWhen(at: string, nowMs: number, language: string, justNow: string): string {
  const moment = new Date(at);
  const ageMs = nowMs - moment.getTime();
  if (ageMs < minuteMs) return justNow;
  const relative = new Intl.RelativeTimeFormat(language, { numeric: 'always', style: 'short' });
  if (ageMs < hourMs) return relative.format(-Math.floor(ageMs / minuteMs), 'minute');
  if (ageMs < dayMs) return relative.format(-Math.floor(ageMs / hourMs), 'hour');
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(moment);
}

/** The whole date and time, for a title. */
export function formatMoment(at: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'short' }).format(new Date(at));
}
