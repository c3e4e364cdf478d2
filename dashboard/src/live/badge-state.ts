/** What the badge says: the truth about the stream and about these rows, in a few words. */
import type { SortKey, View } from "../filters/view";
import { formatNumber } from "../ui/format";
import type { LiveStatus } from "./connection";
import type { Lag } from "./link-facts";

/** `none`: the server refuses the list, so there is nothing that a stream would go on from. */
export type BadgeStatus = LiveStatus | "none";
export type Tone = "good" | "warn" | "bad" | "rest";

export interface BadgeFacts {
  status: BadgeStatus;
  /** Epoch milliseconds, as all times here. */
  now: number;
  /** Since when the stream is silent, when it counts as dead, when it is tried again; null: it is not known. */
  pulse: { heardAt: number; retryAt: number | null; silenceMs: number } | null;
  /** How many activities of the past it has brought so far; null: it is not catching up. */
  catchUp: { done: number; of: number | null } | null;
  view: Pick<View, "page" | "cursor" | "sort_by" | "sort_order" | "date_to">;
  held: "paused" | "read" | null;
  newer: number;
  failed: number;
  rate: number;
  lag: Lag | null;
}

export interface BadgeState {
  tone: Tone;
  text: string;
  detail: string | null;
  hint: string;
}

/** A stream that says nothing for so long is told of, though it may be fine. */
const SLOW_MS = 2_000;
/** So long before it counts as dead, a stream has missed its heartbeat. */
const LATE_MS = 3_000;

export function badgeOf(facts: BadgeFacts): BadgeState {
  return linkState(facts) ?? placeState(facts) ?? heldState(facts) ?? liveState(facts);
}

function linkState({ status, now, pulse, catchUp }: BadgeFacts): BadgeState | null {
  const silence = pulse ? now - pulse.heardAt : 0;
  if (status === "none") return state("rest", "Not live", "There is no list that new activities could join.");
  if (status === "offline")
    return state("bad", "Offline", "This device has no network. The stream resumes where it stopped.");
  if (status === "live") {
    if (pulse && silence > pulse.silenceMs - LATE_MS) return noAnswer(silence);
    if (!catchUp) return null;
    const { done, of } = catchUp;
    const detail = of === null ? formatNumber(done) : `${formatNumber(done)}/${formatNumber(of)}`;
    return state("warn", "Catching up", "The stream brings what happened while it was away.", detail);
  }
  if (pulse?.retryAt && pulse.retryAt > now) {
    const hint = "The stream broke off. It resumes where it stopped; nothing is missed.";
    return state("warn", `Reconnecting in ${seconds(pulse.retryAt - now)}`, hint);
  }
  if (silence >= SLOW_MS) return noAnswer(silence);
  const text = status === "connecting" ? "Connecting…" : "Reconnecting…";
  return state("warn", text, "Opening the live stream. It resumes where it stopped.");
}

const noAnswer = (silence: number) =>
  state(
    "bad",
    `No answer for ${seconds(silence)}`,
    "The server is silent. The page connects anew by itself.",
  );

/** A page that new activities do not join: the stream counts them only. */
function placeState(facts: BadgeFacts): BadgeState | null {
  const { view, now } = facts;
  if (view.date_to !== null && view.date_to * 1_000 < now)
    return state("rest", "Past range", "The range has ended, so nothing new belongs here.", counts(facts));
  if (view.page > 1 || view.cursor !== null)
    return state("rest", `Page ${view.page}`, "New activities appear on the first page.", counts(facts));
  if (view.sort_by !== "timestamp") {
    const hint = "The rows are not in order of time, so new ones wait.";
    return state("rest", `Sorted by ${SORT_NAMES[view.sort_by]}`, hint, counts(facts));
  }
  if (view.sort_order === "asc")
    return state("rest", "Oldest first", "New activities belong at the end of the list.", counts(facts));
  return null;
}

const SORT_NAMES: Record<SortKey, string> = {
  timestamp: "time",
  action_type: "action",
  duration_ms: "duration",
  status_code: "status",
};

function heldState(facts: BadgeFacts): BadgeState | null {
  if (!facts.held) return null;
  const hint =
    facts.held === "paused"
      ? "New activities wait until you resume."
      : "New activities wait while you read, point at, select or scroll the rows.";
  return state("rest", facts.held === "paused" ? "Paused" : "Held", hint, counts(facts));
}

function liveState({ rate, lag }: BadgeFacts): BadgeState {
  const parts = [rate > 0 && `${formatRate(rate)}/s`, lag && formatLag(lag)].filter(Boolean);
  const hint = "New activities appear as they happen: rate and delay of the last 10 seconds.";
  return state("good", "Live", hint, parts.join(" · ") || null);
}

const counts = ({ newer, failed }: BadgeFacts): string | null =>
  newer === 0 ? null : `${formatNumber(newer)} newer${failed > 0 ? ` · ${formatNumber(failed)} failed` : ""}`;

const seconds = (ms: number) => `${formatNumber(Math.max(1, Math.ceil(ms / 1_000)))} s`;

const formatRate = (rate: number) => (rate < 10 ? rate.toFixed(1) : formatNumber(Math.round(rate)));

function formatLag({ ms, isRough }: Lag): string {
  const sign = isRough ? "≈ " : "";
  return ms < 1_000 ? `${sign}${ms} ms` : `${sign}${(ms / 1_000).toFixed(1)} s`;
}

const state = (tone: Tone, text: string, hint: string, detail: string | null = null): BadgeState => ({
  tone,
  text,
  detail,
  hint,
});
