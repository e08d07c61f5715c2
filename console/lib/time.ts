const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long something has been going on, short enough for a list: `now`, `4 min`, `2 h`, `3 d`. */
export const shortDuration = (ms: number): string => {
  if (ms < minuteMs) return 'now';
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} min`;
  if (ms < dayMs) return `${Math.floor(ms / hourMs)} h`;
  return `${Math.floor(ms / dayMs)} d`;
};

/** A wait to the second, for a timer: `0:42`, `12:05`, `1:02:09`. */
export const timer = (ms: number): string => {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const rest = `${Math.floor(seconds / 60) % 60}:${two(seconds % 60)}`;
  return seconds < 3600
    ? rest
    : `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
};

/** Milliseconds as a person reads them: `8 ms`, `1.2 s`. */
export const milliseconds = (ms: number): string =>
  ms < 1 ? '< 1 ms' : ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;

/** Relative under a day, else the date, in the viewer's language and zone. */
export const relativeTime = (iso: string, nowMs: number, locale?: string): string => {
  const at = Date.parse(iso);
  const ago = nowMs - at;
  if (ago < minuteMs) return 'just now';
  if (ago < dayMs) return `${shortDuration(ago)} ago`;
  const isThisYear = new Date(at).getFullYear() === new Date(nowMs).getFullYear();
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    ...(isThisYear ? {} : { year: 'numeric' }),
  }).format(at);
};

/** The full moment, for hovering and screen readers. */
export const absoluteTime = (iso: string, locale?: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'medium' }).format(Date.parse(iso));

/** The time of day beside a message. */
export const clockTime = (iso: string, locale?: string): string =>
  new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' }).format(Date.parse(iso));

/** `Today`, `Yesterday`, or the date, above the first message of a day. */
export const dayLabel = (iso: string, nowMs: number, locale?: string): string => {
  const startOfDay = (ms: number) => new Date(ms).setHours(0, 0, 0, 0);
  const days = Math.round((startOfDay(nowMs) - startOfDay(Date.parse(iso))) / dayMs);
  if (days <= 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' }).format(
    Date.parse(iso),
  );
};

/** A moment to come, to the minute: `Tue 24 Nov, 03:00`. */
export const shortMoment = (iso: string, locale?: string): string =>
  new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(Date.parse(iso));
