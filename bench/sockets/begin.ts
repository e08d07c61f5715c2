/** How long from now until the moment that a question such as `stream at 1700000000000` names, milliseconds. */
export function untilBegin(question: string): number {
  const beginAtMs = Number(/stream at (\d+)/.exec(question)?.[1] ?? 0);
  return Math.max(0, beginAtMs - Date.now());
}
