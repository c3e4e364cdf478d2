/** A line of values as an SVG path. */

/** More than these are not told apart on the width of a card. */
export const MAX_POINTS = 32;

/** Sums groups of equal size, the last of which is full, so that a period that has just begun is no dip. */
export function resample(values: readonly number[], most = MAX_POINTS): number[] {
  const size = Math.max(1, Math.ceil(values.length / most));
  const sums: number[] = [];
  for (let end = values.length; end > 0; end -= size) {
    const group = values.slice(Math.max(0, end - size), end);
    const sum = group.reduce((total, value) => total + value, 0);
    // The first group may be short: it counts as if it went on like that.
    sums.unshift((sum * size) / group.length);
  }
  return sums;
}

/** The share of each part in its whole; null where there is no whole. */
export const ratios = (parts: readonly number[], wholes: readonly number[]): (number | null)[] =>
  wholes.map((whole, index) => (whole > 0 ? (parts[index] ?? 0) / whole : null));

interface Box {
  width: number;
  height: number;
  /** Where the scale begins; the least value by default. */
  floor?: number;
}

/** The path from left to right within the box, half a stroke from its edges. It is interrupted where a value is null. */
export function sparklinePath(values: readonly (number | null)[], { width, height, floor }: Box): string {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (known.length === 0 || values.length < 2) return "";
  const least = floor ?? Math.min(...known);
  const span = Math.max(...known) - least;
  const inset = 1;
  const x = (index: number) => inset + (index / (values.length - 1)) * (width - 2 * inset);
  const y = (value: number) =>
    height -
    inset -
    (span > 0 ? Math.max(0, (value - least) / span) : floor === undefined ? 0.5 : 0) * (height - 2 * inset);
  let isDrawing = false;
  const steps = values.map((value, index) => {
    if (value === null || !Number.isFinite(value)) {
      isDrawing = false;
      return "";
    }
    const step = `${isDrawing ? "L" : "M"}${round(x(index))} ${round(y(value))}`;
    isDrawing = true;
    return step;
  });
  return steps.join("");
}

const round = (value: number): number => Math.round(value * 10) / 10;
