/**
 * How this browser's user reads times: by the clock here, in UTC, or as how long ago they were. The choice is kept here,
 * since a link is to show a colleague the same rows by a clock of their own.
 */
import { t } from "../texts/texts";
import { stored } from "../ui/stored";
import { clockParts, isSameDay, LOCAL, UTC, type Zone } from "./zone";

export type TimeStyle = "local" | "utc" | "relative";

/** In the order in which `u` goes through them. */
export const TIME_STYLES: readonly TimeStyle[] = ["local", "utc", "relative"];

const isStyle = (json: unknown): json is TimeStyle => TIME_STYLES.some((style) => style === json);
const chosen = stored("livetrail.times", (json): TimeStyle => (isStyle(json) ? json : "local"));

const MEDIUM = { dateStyle: "medium", timeStyle: "medium" } as const;
const EXACT = { dateStyle: "full", timeStyle: "long" } as const;
const DAY_LINE = { dateStyle: "full" } as const;
const SHORT = { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" } as const;
const DATE_ONLY = { dateStyle: "medium" } as const;
const ZONE_NAME = { timeZoneName: "short" } as const;
const DAY_MS = 86_400_000;

/** Times as the reader has chosen to read them. Moments are epoch seconds, as the API has them. */
export class Times {
  readonly style: TimeStyle;
  /** What clocks and days go by; for ages that is the zone here. */
  readonly zone: Zone;

  constructor(style: TimeStyle) {
    this.style = style;
    this.zone = style === "utc" ? UTC : LOCAL;
  }

  get isRelative(): boolean {
    return this.style === "relative";
  }

  /** The zone as there is room for it at the head of a column: "UTC", "GMT+1", or that these are ages. */
  label(now: number = Date.now()): string {
    if (this.isRelative) return t("ago");
    const parts = this.zone.format(ZONE_NAME).formatToParts(now);
    return parts.find(({ type }) => type === "timeZoneName")?.value ?? this.zone.name;
  }

  /** The choice in words. */
  words(): string {
    if (this.isRelative) return t("how long ago; days and charts in {zone}", { zone: this.zone.name });
    return this.style === "utc" ? "UTC" : t("your time zone, {zone}", { zone: this.zone.name });
  }

  dateTime = (seconds: number): string => this.zone.format(MEDIUM).format(seconds * 1_000);
  exact = (seconds: number): string => this.zone.format(EXACT).format(seconds * 1_000);
  shortDate = (seconds: number): string => this.zone.format(SHORT).format(seconds * 1_000);
  /** The name of a day. */
  day = (milliseconds: number): string => this.zone.format(DAY_LINE).format(milliseconds);

  /** As short as it stays clear at `now`: today's clock, a day and a clock, or a date. */
  brief(seconds: number, now: number): string {
    const ms = seconds * 1_000;
    if (isSameDay(this.zone, ms, now * 1_000)) return clockParts(this.zone, ms).clock;
    if (Math.abs(now * 1_000 - ms) < 180 * DAY_MS) return this.shortDate(seconds);
    return this.zone.format(DATE_ONLY).format(ms);
  }
}

const OF_STYLE: Record<TimeStyle, Times> = {
  local: new Times("local"),
  utc: new Times("utc"),
  relative: new Times("relative"),
};

/** For what is drawn: it is drawn anew when the reader chooses otherwise. */
export const useTimes = (): Times => OF_STYLE[chosen.use()];

/** For functions that are called while something is drawn that uses `useTimes`. */
export const currentTimes = (): Times => OF_STYLE[chosen.get()];

export const chooseTimes = (style: TimeStyle): void => chosen.set(style);

/** Goes to the next style, and gives it. */
export function switchTimes(): Times {
  const next = TIME_STYLES[(TIME_STYLES.indexOf(chosen.get()) + 1) % TIME_STYLES.length] ?? "local";
  chosen.set(next);
  return OF_STYLE[next];
}
