import { useMemo } from "react";
import type { Activity } from "../api/types";

const QUANTILE = 0.95;
/** Fewer do not tell what is typical. */
const MIN_COUNT = 5;
/** Shares move in steps, so that an arrival draws few of the other rows anew. */
const STEPS = 12;

/** What 95% of each action's activities take at most, in milliseconds, among those that are loaded. */
export function typicalDurations(rows: readonly Activity[]): ReadonlyMap<string, number> {
  const durations = new Map<string, number[]>();
  for (const { action_type, duration_ms } of rows) {
    if (duration_ms === null) continue;
    const others = durations.get(action_type);
    if (others) others.push(duration_ms);
    else durations.set(action_type, [duration_ms]);
  }
  const enough = [...durations].filter(([, each]) => each.length >= MIN_COUNT);
  return new Map(enough.map(([action, each]) => [action, quantile(each)]));
}

function quantile(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[Math.ceil(values.length * QUANTILE) - 1] ?? 0;
}

/** How a duration compares with others of its action, 0 to 1; null where it took no time or none is known. */
export function useShares(rows: readonly Activity[]): (activity: Activity) => number | null {
  const typical = useMemo(() => typicalDurations(rows), [rows]);
  return ({ action_type, duration_ms }) => {
    const most = typical.get(action_type);
    if (duration_ms === null || !most) return null;
    return Math.ceil(Math.min(1, duration_ms / most) * STEPS) / STEPS;
  };
}
