import { CronExpressionParser } from 'cron-parser';
import { AppError, errorMessage } from '../errors.ts';
import type { SourceSchedule } from '../protocol/http-knowledge.ts';

/** Runs closer together than this help nobody and burden the site. */
const minGapMs = 15 * 60_000;

/**
 * When a schedule is due next after `nowMs` (milliseconds since the epoch).
 * @throws AppError `invalid-request` for a cron expression that is none or that fires more often than every 15
 * minutes.
 */
export function nextRunMs(schedule: SourceSchedule, nowMs: number): number {
  if ('everyMinutes' in schedule) return nowMs + schedule.everyMinutes * 60_000;
  try {
    const cron = CronExpressionParser.parse(schedule.cron, { currentDate: new Date(nowMs), tz: 'UTC' });
    const first = cron.next().getTime();
    const second = cron.next().getTime();
    if (second - first >= minGapMs) return first;
  } catch (error) {
    throw new AppError(
      'invalid-request',
      `"${schedule.cron}" is no cron expression (${errorMessage(error)}).`,
      {
        fix: 'Write five fields, such as "0 3 * * *" for each night at three, UTC.',
      },
    );
  }
  throw new AppError('invalid-request', 'A source is read every 15 minutes at most.', {
    fix: 'Choose a wider schedule.',
  });
}
