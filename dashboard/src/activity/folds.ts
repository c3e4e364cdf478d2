/**
 * Runs of rows that say the same, folded into one row each. Pure: what is shown, and which runs are open, decide
 * everything. Rows are taken from the end, so what enters at the head joins the first run and changes no other.
 */

import { targetOf } from "@livetrail/sdk/display/sentence";
import type { Activity } from "../api/types";
import { networkOf } from "./network";

/** Neighbouring rows that say the same, the first one in front. */
export interface Run {
  readonly rows: readonly [Activity, Activity, ...Activity[]];
  readonly isOpen: boolean;
  /** Failed sign-ins of several users. Otherwise, the head's sentence holds for each row, but for its target. */
  readonly isSignIns: boolean;
}

/** A row of the list: an activity, and the run that it stands for or is part of. */
export interface Entry {
  readonly activity: Activity;
  readonly run: Run | null;
  /** Whether it stands for its run. The others of a run are there only while it is open. */
  readonly isHead: boolean;
}

interface FoldOptions {
  /** Runs that the reader has opened, by the ids of their rows. */
  open: ReadonlySet<string>;
  /** Rows that must not disappear: the one that is open beside the list, and the one that has the focus. */
  kept: readonly (string | null)[];
}

const SIGN_INS: ReadonlySet<string> = new Set(["user_login", "login"]);

export function folded(rows: readonly Activity[], { open, kept }: FoldOptions): Entry[] {
  const groups: Group[] = [];
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const activity = rows[index] as Activity;
    const last = groups.at(-1);
    const joined = last && join(last, activity);
    if (joined) groups[groups.length - 1] = joined;
    else groups.push({ ...marksOf(activity), rows: [activity] });
  }
  const isKept = new Set(kept);
  return groups.reverse().flatMap((group) => entriesOf(group, open, isKept));
}

/** Each row by itself. */
export const unfolded = (rows: readonly Activity[]): Entry[] =>
  rows.map((activity) => ({ activity, run: null, isHead: false }));

/** What all rows of a group have in common, and rows, the last one in front. */
interface Group extends Marks {
  rows: Activity[];
}

interface Marks {
  /** Null once they differ in it. */
  saying: string | null;
  /** Where their failed sign-ins come from; null for anything else. */
  source: string | null;
}

/** An activity never changes, and a list is folded anew with each arrival. */
const known = new WeakMap<Activity, Marks>();

function marksOf(activity: Activity): Marks {
  let marks = known.get(activity);
  if (!marks) {
    marks = readMarks(activity);
    known.set(activity, marks);
  }
  return marks;
}

/** What changed, and what was done to whom in warning, is shown row by row. Raised alerts have a page of their own. */
function readMarks(activity: Activity): Marks {
  if (activity.changes && Object.keys(activity.changes).length > 0) return { saying: null, source: null };
  const target = targetOf(activity) ?? "";
  const { user_id, tenant_id, action_type, success, status_code, error_message, is_admin, via } = activity;
  const { delegate_id, description, ip_address, severity } = activity;
  const isGrave = (severity === "warning" || severity === "critical") && action_type !== "alert_raised";
  const sentence = isGrave || target === "" ? description : description.split(target).join("\0");
  const saying = [user_id, tenant_id, action_type, success, status_code, error_message, is_admin, via];
  const isFailedSignIn = !success && SIGN_INS.has(action_type);
  return {
    saying: JSON.stringify([...saying, delegate_id, isGrave && target, sentence]),
    source: isFailedSignIn && ip_address ? networkOf(ip_address) : null,
  };
}

function join(group: Group, activity: Activity): Group | null {
  const marks = marksOf(activity);
  const saying = group.saying === marks.saying ? group.saying : null;
  const source = group.source === marks.source ? group.source : null;
  if (saying === null && source === null) return null;
  group.rows.push(activity);
  return { saying, source, rows: group.rows };
}

function entriesOf(group: Group, open: ReadonlySet<string>, kept: ReadonlySet<string | null>): Entry[] {
  const [head, second, ...others] = group.rows.reverse() as [Activity, ...Activity[]];
  if (!second) return [{ activity: head, run: null, isHead: false }];
  const rows = [head, second, ...others] as const;
  const isOpen = rows.some(({ id }, index) => open.has(id) || (index > 0 && kept.has(id)));
  const run: Run = { rows: [...rows], isOpen, isSignIns: group.saying === null };
  const shown = isOpen ? rows : [head];
  return shown.map((activity, index) => ({ activity, run, isHead: index === 0 }));
}
