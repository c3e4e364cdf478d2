/** Where alerts stand over the bars. */
import { secondsOf } from "../alerts/times";
import type { Alert } from "../api/types";

export interface AlertMark {
  /** The alert that a click opens: the most severe, and of these the latest. */
  alert: Alert;
  /** How many stand so close together that they have one mark. */
  count: number;
  /** Along the bars, from 0 to 1. */
  place: number;
  /** Its words stand before it, because there is no room behind it. */
  isBefore: boolean;
}

interface Span {
  /** Epoch seconds; `to` is not part of it. */
  from: number;
  to: number;
  /** The part of the width that the words of a mark take. What would cover them is one with it. */
  room: number;
}

const SEVERITY: Record<string, number> = { critical: 3, warning: 2, notice: 1, info: 0 };
const severityOf = ({ severity }: Alert) => SEVERITY[severity] ?? 0;

/** Marks from left to right, each where its alert began, or at the edge where it had begun before. */
export function marksOf(alerts: readonly Alert[], { from, to, room }: Span): AlertMark[] {
  const placeOf = ({ first_at }: Alert) => (Math.max(secondsOf(first_at), from) - from) / (to - from);
  const isShown = ({ first_at, last_at }: Alert) => secondsOf(last_at) >= from && secondsOf(first_at) < to;
  const groups: Alert[][] = [];
  for (const alert of alerts.filter(isShown).sort((a, b) => placeOf(a) - placeOf(b))) {
    const group = groups.at(-1);
    const place = placeOf(alert);
    const distance = place > 1 - room ? 2 * room : room;
    if (group && place - Math.max(...group.map(placeOf)) < distance) group.push(alert);
    else groups.push([alert]);
  }
  return groups.map((group) => {
    const alert = group.reduce((worst, next) => (severityOf(next) >= severityOf(worst) ? next : worst));
    const place = placeOf(alert);
    return { alert, count: group.length, place, isBefore: place > 1 - room };
  });
}
