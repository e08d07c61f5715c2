/** Rows, or one value, as a JSON parameter. Half a surrogate pair, which a cut through an emoji leaves, would be refused by PostgreSQL. */
export function toJson(rows: unknown): string {
  return JSON.stringify(rows, (_key, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed() : value,
  );
}
