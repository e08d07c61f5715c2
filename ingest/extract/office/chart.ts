import { markdownTable } from '../html-table.ts';
import { block, squeeze, type Block } from '../types.ts';

/** More points than this are a curve rather than something to be told. */
export const maxPoints = 200;
export const maxSeries = 30;

/** A chart as what it says, whatever drew it. */
export interface Chart {
  title: string;
  /** Titles of the axes; empty where they have none. */
  labelAxis: string;
  valueAxis: string;
  /** Names of the series. */
  head: readonly string[];
  /** The label of each point, and its value in each series. */
  rows: readonly { label: string; values: readonly string[] }[];
}

/**
 * A chart as its title, with what its values are, and a table: a row for each label, a column for each series; no
 * table where it keeps no numbers.
 */
export function chartBlocks(chart: Chart, page: number | null): Block[] {
  const { labelAxis, head, rows } = chart;
  const [title, unit] = [squeeze(chart.title), squeeze(chart.valueAxis)];
  const caption = title === '' || unit === '' || title.includes(unit) ? title || unit : `${title} (${unit})`;
  const named = caption === '' ? [] : [block('paragraph', caption, { page })];
  if (rows.length === 0) return named;
  const lines = rows.slice(0, maxPoints).map(({ label, values }) => [squeeze(label), ...values]);
  const table = markdownTable([[squeeze(labelAxis), ...head.map(squeeze)], ...lines]);
  return [...named, block('table', table, { page })];
}
