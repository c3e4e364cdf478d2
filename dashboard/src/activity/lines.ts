/**
 * The lines of the table: entries, above the first one of each day a line that names the day, and a line where the
 * stream could not go on.
 */
import type { Break } from "../live/feed";
import { isSameDay, type Zone } from "../times/zone";
import type { Entry } from "./folds";

export type Line =
  | { day: number; entry: null }
  | { day: null; entry: Entry }
  | { day: null; entry: null; gap: Break };

const timeOf = ({ activity }: Entry): number => activity.timestamp * 1_000;

/** In the order of time only. Rows of today need no line above them. `now` in epoch milliseconds. */
export function linesByDay(entries: readonly Entry[], now: number, zone: Zone): Line[] {
  let day = now;
  return entries.flatMap((entry): Line[] => {
    const line: Line = { day: null, entry };
    const time = timeOf(entry);
    if (isSameDay(zone, time, day)) return [line];
    day = time;
    return [{ day, entry: null }, line];
  });
}

export const linesOf = (entries: readonly Entry[]): Line[] => entries.map((entry) => ({ day: null, entry }));

/** Puts each break above the newest row from before it; where that row is not shown, above all rows. */
export function withBreaks(lines: readonly Line[], breaks: readonly Break[]): readonly Line[] {
  return breaks.reduce<readonly Line[]>((all, gap) => {
    const below = all.findIndex(({ entry }) => entry !== null && has(entry, gap.below));
    return all.toSpliced(Math.max(below, 0), 0, { day: null, entry: null, gap });
  }, lines);
}

const has = ({ activity, run }: Entry, id: string | null): boolean =>
  activity.id === id || run?.rows.some((row) => row.id === id) === true;

/** The head of a run has its own id, so that it keeps its element, and the focus, when others join the run. */
export function keyOf(line: Line): string {
  if ("gap" in line) return `gap:${line.gap.at}`;
  const { day, entry } = line;
  return entry ? entry.activity.id : `day:${day}`;
}
