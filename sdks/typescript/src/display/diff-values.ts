/** What has changed within a value, path by path. Equal parts are left out, so a large object shows its one change. */
import { ExactNumber } from "./exact-number.js";

export type Path = readonly (string | number)[];

/** A part that is on one side only has no value on the other. */
export interface Difference {
  path: Path;
  from?: unknown;
  to?: unknown;
}

export interface Differences {
  found: Difference[];
  /** There are more than are listed. */
  isCut: boolean;
}

const MAX_FOUND = 200;

export function diffValues(from: unknown, to: unknown): Differences {
  const found: Difference[] = [];
  collect(from, to, [], found);
  return { found: found.slice(0, MAX_FOUND), isCut: found.length > MAX_FOUND };
}

function collect(from: unknown, to: unknown, path: Path, found: Difference[]): void {
  if (found.length > MAX_FOUND || isSame(from, to)) return;
  if (Array.isArray(from) && Array.isArray(to)) collectItems(from, to, path, found);
  else if (isObject(from) && isObject(to)) {
    for (const key of new Set([...Object.keys(from), ...Object.keys(to)])) {
      if (!Object.hasOwn(to, key)) add(found, { path: [...path, key], from: from[key] });
      else if (!Object.hasOwn(from, key)) add(found, { path: [...path, key], to: to[key] });
      else collect(from[key], to[key], [...path, key], found);
    }
  } else add(found, { path, from, to });
}

/** Items before and after the first and last difference are the same. Those between are compared in turn. */
function collectItems(
  from: readonly unknown[],
  to: readonly unknown[],
  path: Path,
  found: Difference[],
): void {
  const shortest = Math.min(from.length, to.length);
  let head = 0;
  while (head < shortest && isSame(from[head], to[head])) head += 1;
  let tail = 0;
  while (tail < shortest - head && isSame(from.at(-1 - tail), to.at(-1 - tail))) tail += 1;
  const lastFrom = from.length - tail;
  const lastTo = to.length - tail;
  for (let index = head; index < Math.max(lastFrom, lastTo); index += 1) {
    if (found.length > MAX_FOUND) return;
    const at = [...path, index];
    if (index >= lastTo) add(found, { path: at, from: from[index] });
    else if (index >= lastFrom) add(found, { path: at, to: to[index] });
    else collect(from[index], to[index], at, found);
  }
}

const add = (found: Difference[], difference: Difference): void => {
  found.push(difference);
};

type Members = Record<string, unknown>;
export const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);

export function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a instanceof ExactNumber && b instanceof ExactNumber) return a.text === b.text;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]))
  );
}

const PLAIN_KEY = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u;

/** A path as people write it: `ports[0].name`; a key with other characters stands in quotes: `["a.b"]`. */
export const pathText = (path: Path): string =>
  path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (!PLAIN_KEY.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
