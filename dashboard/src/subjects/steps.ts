/** Activities in time order as lines: the days they happened on, and the stretches in which nothing happened. Pure. */
import type { Activity } from "../api/types";
import { plural } from "../texts/texts";
import { isSameDay, type Zone } from "../times/zone";
import { formatDuration } from "../ui/format";

/** A shorter pause is part of the work. */
const MIN_GAP_SECONDS = 1_800;
const DAY = 86_400;

export type Line =
  | { kind: "day"; key: string; seconds: number }
  | { kind: "gap"; key: string; seconds: number }
  | { kind: "activity"; key: string; activity: Activity };

/** The lines of activities that are sorted by time, the newest first. */
export function linesOf(activities: readonly Activity[], zone: Zone): Line[] {
  const lines: Line[] = [];
  let newer: Activity | null = null;
  for (const activity of activities) {
    const { id, timestamp } = activity;
    const gap = newer ? newer.timestamp - timestamp : 0;
    if (gap >= MIN_GAP_SECONDS) lines.push({ kind: "gap", key: `gap ${id}`, seconds: gap });
    if (!newer || !isSameDay(zone, newer.timestamp * 1_000, timestamp * 1_000)) {
      lines.push({ kind: "day", key: `day ${id}`, seconds: timestamp });
    }
    lines.push({ kind: "activity", key: id, activity });
    newer = activity;
  }
  return lines;
}

/** "2 h 10 min", "3 days". */
export function gapText(seconds: number): string {
  const days = Math.floor(seconds / DAY);
  return days >= 2
    ? plural(days, "{count} day", "{count} days")
    : formatDuration(Math.floor(seconds / 60) * 60_000);
}
