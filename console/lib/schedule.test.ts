import { describe, expect, it } from 'vitest';
import { describeSchedule, toChoice, toSchedule } from './schedule.ts';

describe('schedules', () => {
  it.each([[null], [{ everyMinutes: 1440 }], [{ everyMinutes: 45 }], [{ cron: '0 3 * * 1' }]])(
    'goes through the form unchanged: %o',
    (schedule) => {
      const { choice, cron } = toChoice(schedule);
      expect(toSchedule(choice, cron)).toEqual(schedule);
    },
  );

  it('reads as words', () => {
    expect(describeSchedule({ everyMinutes: 1440 })).toBe('Read again every day');
    expect(describeSchedule({ everyMinutes: 45 })).toBe('Read again every 45 minutes');
    expect(describeSchedule({ cron: '0 3 * * *' })).toBe('Read again at “0 3 * * *” (cron, UTC)');
  });
});
