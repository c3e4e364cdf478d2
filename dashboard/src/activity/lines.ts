/** The lines of the table: entries, and above the first one of each day a line that names the day. */
import { isSameDay } from "../ui/format";
import type { Entry } from "./folds";

export type Line = { day: number; entry: null } | { day: null; entry: Entry };

const timeOf = ({ activity }: Entry): number => activity.timestamp * 1_000;

/** In the order of time only. Rows of today need no line above them. `now` in epoch milliseconds. */
export function linesByDay(entries: readonly Entry[], now: number): Line[] {
  let day = now;
  return entries.flatMap((entry): Line[] => {
    const line: Line = { day: null, entry };
    const time = timeOf(entry);
    if (isSameDay(time, day)) return [line];
    day = time;
    return [{ day, entry: null }, line];
  });
}

export const linesOf = (entries: readonly Entry[]): Line[] => entries.map((entry) => ({ day: null, entry }));

/** The head of a run has its own id, so that it keeps its element, and the focus, when others join the run. */
export const keyOf = ({ day, entry }: Line): string => (entry ? entry.activity.id : `day:${day}`);
