/** A JSON value as the rows of a tree: those that are in view, in order. What is closed costs nothing. */
import { isObject, type Path, pathText } from "./diff-values.js";

export interface TreeRow {
  /** Also the row's key: no two rows have the same. */
  path: string;
  depth: number;
  /** The step that leads here: a key, or a place in a list. */
  step: string | number;
  value: unknown;
  /** Null: there is nothing in it to open. */
  isOpen: boolean | null;
  size: number;
  position: number;
  siblings: number;
}

/** In place of what is left of a long list. */
export interface RestRow {
  path: string;
  depth: number;
  rest: number;
}

export type Row = TreeRow | RestRow;
export const isRest = (row: Row): row is RestRow => "rest" in row;

/** What the reader did: opened and closed by hand, and how many items of a node are wanted. */
export interface Unfolding {
  open: ReadonlyMap<string, boolean>;
  shown: ReadonlyMap<string, number>;
}

export const NOTHING_DONE: Unfolding = { open: new Map(), shown: new Map() };
/** So many items of a node are listed at first, and so many more each time. */
export const STEP = 50;
/** Nodes open by themselves while there are no more rows than these. */
const MAX_ROWS_BY_ITSELF = 60;

export function treeRows(value: unknown, { open, shown }: Unfolding = NOTHING_DONE): Row[] {
  const byItself = openByThemselves(value);
  const rows: Row[] = [];
  const walk = (parent: unknown, path: Path, depth: number) => {
    const items = entries(parent);
    const at = pathText(path);
    const limit = shown.get(at) ?? STEP;
    items.slice(0, limit).forEach(([step, item], index) => {
      const itemPath = [...path, step];
      const text = pathText(itemPath);
      const size = entries(item).length;
      const isOpen = size === 0 ? null : (open.get(text) ?? byItself.has(text));
      rows.push({
        path: text,
        depth,
        step,
        value: item,
        isOpen,
        size,
        position: index + 1,
        siblings: items.length,
      });
      if (isOpen) walk(item, itemPath, depth + 1);
    });
    if (items.length > limit) rows.push({ path: `${at}…`, depth, rest: items.length - limit });
  };
  walk(value, [], 1);
  return rows;
}

/** Level by level, as far as there is room. */
function openByThemselves(value: unknown): ReadonlySet<string> {
  const opened = new Set<string>();
  let rows = Math.min(entries(value).length, STEP);
  let level: [unknown, Path][] = [[value, []]];
  while (level.length > 0) {
    const next: [unknown, Path][] = [];
    for (const [parent, path] of level) {
      for (const [step, item] of entries(parent).slice(0, STEP)) {
        const size = entries(item).length;
        if (size === 0) continue;
        rows += Math.min(size, STEP);
        if (rows > MAX_ROWS_BY_ITSELF) return opened;
        opened.add(pathText([...path, step]));
        next.push([item, [...path, step]]);
      }
    }
    level = next;
  }
  return opened;
}

function entries(value: unknown): [string | number, unknown][] {
  if (Array.isArray(value)) return value.map((item, index) => [index, item]);
  return isObject(value) ? Object.entries(value) : [];
}

/** The node that the rest of a list belongs to. */
export const parentOfRest = (row: RestRow): string => row.path.slice(0, -1);
