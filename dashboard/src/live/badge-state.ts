/** What the badge says: the truth about the stream and about these rows, in a few words. */
import type { SortKey, View } from "../filters/view";
import { plural, type Text, t } from "../texts/texts";
import { formatNumber, formatTenths } from "../ui/format";
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
  /** The text without what changes each second. */
  spoken: string;
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
  if (status === "none")
    return state("rest", t("Not live"), t("There is no list that new activities could join."));
  if (status === "offline")
    return state("bad", t("Offline"), t("This device has no network. The stream resumes where it stopped."));
  if (status === "live") {
    if (pulse && silence > pulse.silenceMs - LATE_MS) return noAnswer(silence);
    if (!catchUp) return null;
    const { done, of } = catchUp;
    const detail = of === null ? formatNumber(done) : `${formatNumber(done)}/${formatNumber(of)}`;
    return state("warn", t("Catching up"), t("The stream brings what happened while it was away."), detail);
  }
  if (pulse?.retryAt && pulse.retryAt > now) {
    const hint = t("The stream broke off. It resumes where it stopped; nothing is missed.");
    return state("warn", t("Reconnecting in {time}", { time: seconds(pulse.retryAt - now) }), hint);
  }
  if (silence >= SLOW_MS) return noAnswer(silence);
  const text = status === "connecting" ? t("Connecting…") : t("Reconnecting…");
  return state("warn", text, t("Opening the live stream. It resumes where it stopped."));
}

const noAnswer = (silence: number) =>
  state(
    "bad",
    t("No answer for {time}", { time: seconds(silence) }),
    t("The server is silent. The page connects anew by itself."),
    null,
    t("No answer"),
  );

/** A page that new activities do not join: the stream counts them only. */
function placeState(facts: BadgeFacts): BadgeState | null {
  const { view, now } = facts;
  if (view.date_to !== null && view.date_to * 1_000 < now)
    return state(
      "rest",
      t("Past range"),
      t("The range has ended, so nothing new belongs here."),
      counts(facts),
    );
  if (view.page > 1 || view.cursor !== null)
    return state(
      "rest",
      t("Page {page}", { page: view.page }),
      t("New activities appear on the first page."),
      counts(facts),
    );
  if (view.sort_by !== "timestamp") {
    const hint = t("The rows are not in order of time, so new ones wait.");
    return state("rest", t(SORTED[view.sort_by]), hint, counts(facts));
  }
  if (view.sort_order === "asc")
    return state(
      "rest",
      t("Oldest first"),
      t("New activities belong at the end of the list."),
      counts(facts),
    );
  return null;
}

const SORTED: Record<Exclude<SortKey, "timestamp">, Text> = {
  action_type: "Sorted by action",
  duration_ms: "Sorted by duration",
  status_code: "Sorted by status",
};

function heldState(facts: BadgeFacts): BadgeState | null {
  if (!facts.held) return null;
  const hint =
    facts.held === "paused"
      ? t("New activities wait until you resume.")
      : t("New activities wait while you read, point at, select or scroll the rows.");
  return state("rest", facts.held === "paused" ? t("Paused") : t("Held"), hint, counts(facts));
}

function liveState({ rate, lag }: BadgeFacts): BadgeState {
  const parts = [rate > 0 && `${formatRate(rate)}/s`, lag && formatLag(lag)].filter(Boolean);
  const hint = t("New activities appear as they happen: rate and delay of the last 10 seconds.");
  return state("good", t("Live"), hint, parts.join(" · ") || null);
}

function counts({ newer, failed }: BadgeFacts): string | null {
  if (newer === 0) return null;
  const words = plural(newer, "{count} newer", "{count} newer|many");
  return failed > 0 ? `${words} · ${t("{count} failed", { count: failed })}` : words;
}

const seconds = (ms: number) => `${formatNumber(Math.max(1, Math.ceil(ms / 1_000)))} s`;

const formatRate = (rate: number) => (rate < 10 ? formatTenths(rate) : formatNumber(Math.round(rate)));

function formatLag({ ms, isRough }: Lag): string {
  const sign = isRough ? "≈ " : "";
  return ms < 1_000 ? `${sign}${ms} ms` : `${sign}${formatTenths(ms / 1_000)} s`;
}

const state = (
  tone: Tone,
  text: string,
  hint: string,
  detail: string | null = null,
  spoken = text,
): BadgeState => ({ tone, text, detail, hint, spoken });

/** What a screen reader is told of a state: attempts that follow one another are nothing new. */
export const spokenOf = ({ tone, spoken }: BadgeState, status: BadgeStatus): string =>
  tone === "warn" && status !== "live" ? t("Reconnecting") : spoken;
