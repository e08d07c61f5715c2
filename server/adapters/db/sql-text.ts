import type { SqlValue } from '../../ports.ts';

/** PostgreSQL type ids whose text form both adapters turn into the same JavaScript value. */
export const numericTypeIds = [20, 21, 23, 26, 700, 701, 1700] as const;
/** `date`, `timestamp` and `interval` stay text: they have no time zone that JavaScript could keep. */
export const textTypeIds = [1082, 1114, 1186] as const;

function quoteElement(element: string | number | null): string {
  if (element === null) return 'NULL';
  return `"${String(element).replace(/[\\"]/g, '\\$&')}"`;
}

/**
 * The text form in which a parameter is sent, the same for both adapters, so that the server alone decides
 * the type: ISO 8601 for dates, hex for bytes, an array literal for arrays.
 */
export function toSqlText(value: SqlValue): string | null {
  if (value === null) return null;
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`;
  return `{${value.map(quoteElement).join(',')}}`;
}

/** A channel, schema or database name as a quoted SQL identifier. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
