import type { SourceSchedule } from '../../server/protocol/http-knowledge.ts';

/** What the form offers; `cron` opens a field for an expression of one's own. */
export const scheduleChoices = [
  { value: 'never', label: 'Only when asked' },
  { value: '60', label: 'Every hour' },
  { value: '360', label: 'Every 6 hours' },
  { value: '1440', label: 'Every day' },
  { value: '10080', label: 'Every week' },
  { value: 'cron', label: 'At times of my own (cron)' },
] as const;

/** What stands in the form for a stored schedule; an interval that is not on offer is shown in minutes. */
export const toChoice = (schedule: SourceSchedule | null | undefined): { choice: string; cron: string } => {
  if (!schedule) return { choice: 'never', cron: '' };
  if ('cron' in schedule) return { choice: 'cron', cron: schedule.cron };
  return { choice: String(schedule.everyMinutes), cron: '' };
};

/** The schedule that the form means. */
export const toSchedule = (choice: string, cron: string): SourceSchedule | null => {
  if (choice === 'never') return null;
  return choice === 'cron' ? { cron: cron.trim() } : { everyMinutes: Number(choice) };
};

/** A schedule in words, as the beginning of a sentence. */
export const describeSchedule = (schedule: SourceSchedule): string => {
  if ('cron' in schedule) return `Read again at “${schedule.cron}” (cron, UTC)`;
  const known = scheduleChoices.find(({ value }) => value === String(schedule.everyMinutes));
  return `Read again ${known?.label.toLowerCase() ?? `every ${schedule.everyMinutes} minutes`}`;
};
