/** An affine map as PDF writes it: `x' = a x + c y + e`, `y' = b x + d y + f`. */
export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];
/** An upright box: left, bottom, right, top. */
export type Box = readonly [left: number, bottom: number, right: number, top: number];

export const identity: Matrix = [1, 0, 0, 1, 0, 0];

/** First `inner`, then `outer`. */
export function multiply(outer: Matrix, inner: Matrix): Matrix {
  const [a, b, c, d, e, f] = outer;
  const [g, h, i, j, k, l] = inner;
  return [a * g + c * h, b * g + d * h, a * i + c * j, b * i + d * j, a * k + c * l + e, b * k + d * l + f];
}

/** Where a point comes to lie. */
export function place([a, b, c, d, e, f]: Matrix, x: number, y: number): readonly [number, number] {
  return [a * x + c * y + e, b * x + d * y + f];
}

/** The upright box around a box that was mapped. */
export function boxOf(matrix: Matrix, [left, bottom, right, top]: Box): Box {
  const corners = [
    place(matrix, left, bottom),
    place(matrix, right, bottom),
    place(matrix, left, top),
    place(matrix, right, top),
  ];
  const xs = corners.map(([x]) => x);
  const ys = corners.map(([, y]) => y);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** What both boxes hold; its area is 0 where they do not meet. */
export function intersect(one: Box, other: Box): Box {
  const left = Math.max(one[0], other[0]);
  const bottom = Math.max(one[1], other[1]);
  return [
    left,
    bottom,
    Math.max(left, Math.min(one[2], other[2])),
    Math.max(bottom, Math.min(one[3], other[3])),
  ];
}

export const areaOf = ([left, bottom, right, top]: Box): number => (right - left) * (top - bottom);

/** Whether the middle of a box lies in another. */
export function holdsMiddle(outer: Box, [left, bottom, right, top]: Box): boolean {
  const [x, y] = [(left + right) / 2, (bottom + top) / 2];
  return x >= outer[0] && x <= outer[2] && y >= outer[1] && y <= outer[3];
}

/** Whether a matrix keeps upright boxes upright: no turn but by quarters. */
export const keepsUpright = ([a, b, c, d]: Matrix): boolean =>
  (Math.abs(b) < 1e-6 && Math.abs(c) < 1e-6) || (Math.abs(a) < 1e-6 && Math.abs(d) < 1e-6);

/** Six numbers as a matrix; null for anything else. */
export function readMatrix(value: unknown): Matrix | null {
  const [a, b, c, d, e, f] = readNumbers(value);
  return a === undefined ||
    b === undefined ||
    c === undefined ||
    d === undefined ||
    e === undefined ||
    f === undefined
    ? null
    : [a, b, c, d, e, f];
}

/** Four numbers as a box; null for anything else. */
export function readBox(value: unknown): Box | null {
  const [x, y, right, top] = readNumbers(value);
  return x === undefined || y === undefined || right === undefined || top === undefined
    ? null
    : [Math.min(x, right), Math.min(y, top), Math.max(x, right), Math.max(y, top)];
}

/** The numbers of an array of any kind. */
export function readNumbers(value: unknown): number[] {
  const list: unknown[] = Array.isArray(value) ? value : value instanceof Float32Array ? [...value] : [];
  return list.every((entry) => typeof entry === 'number' && Number.isFinite(entry)) ? list.map(Number) : [];
}
