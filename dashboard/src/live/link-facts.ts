/** What is known of a stream beside its status: how much it brings, how late, since when it is silent. */
import type { Pulse } from "@livetrail/sdk/stream";
import { serverClock } from "../api/server-clock";
import type { Activity } from "../api/types";
import type { LiveStatus } from "./connection";

const RATE_MS = 10_000;
/** As many as arrive in ten seconds of a busy log; the rate of more than that is that of a shorter time. */
const MAX_ARRIVALS = 4_000;
/** An activity that was stored so long before the stream was live is of the past. */
const PAST_MS = 1_000;
const SHOWN_CATCH_UP = 100;
/** A catch-up is over when nothing of the past has come for so long. */
const CAUGHT_UP_MS = 1_500;

export interface Lag {
  ms: number;
  /** The clocks differ by an amount that is known to a part of a second only. */
  isRough: boolean;
}

export class LinkFacts {
  following: { current: { readonly pulse: Pulse } | null } | null = null;
  private arrivals: { at: number; lagMs: number }[] = [];
  private liveSince = 0;
  private isLive = false;
  private caughtUp = 0;
  private caughtUpAt = 0;

  get pulse(): Pulse | null {
    return this.following?.current?.pulse ?? null;
  }

  became(status: LiveStatus, now = Date.now()): void {
    const isLive = status === "live";
    if (isLive && !this.isLive) {
      this.liveSince = now;
      this.caughtUp = 0;
    }
    this.isLive = isLive;
  }

  arrived(activity: Activity, now = Date.now()): void {
    const storedAt = Date.parse(activity.created_at) - serverClock.ahead().ms;
    if (storedAt < this.liveSince - PAST_MS) {
      this.caughtUp += 1;
      this.caughtUpAt = now;
      return;
    }
    this.arrivals.push({ at: now, lagMs: now - storedAt });
    if (this.arrivals.length > MAX_ARRIVALS) this.arrivals = this.recent(now).slice(-MAX_ARRIVALS / 2);
  }

  /** Activities a second, over the last ten. */
  rate(now = Date.now()): number {
    const recent = this.recent(now);
    const [first] = recent;
    if (!first) return 0;
    const isCut = recent.length >= MAX_ARRIVALS / 2;
    return recent.length / ((isCut ? Math.max(now - first.at, 1) : RATE_MS) / 1_000);
  }

  /** From storing to arrival: the median of the last ten seconds. Null: nothing has come. */
  lag(now = Date.now()): Lag | null {
    const sorted = this.recent(now)
      .map(({ lagMs }) => lagMs)
      .sort((a, b) => a - b);
    const median = sorted[sorted.length >> 1];
    if (median === undefined || Number.isNaN(median)) return null;
    return { ms: Math.max(0, Math.round(median)), isRough: serverClock.ahead().isRough };
  }

  /** How many activities of the past it has brought, while there are many of them; else null. */
  catchUp(now = Date.now()): number | null {
    return this.caughtUp >= SHOWN_CATCH_UP && now - this.caughtUpAt < CAUGHT_UP_MS ? this.caughtUp : null;
  }

  private recent(now: number) {
    const first = this.arrivals.findIndex(({ at }) => now - at < RATE_MS);
    if (first < 0) this.arrivals = [];
    else if (first > 0) this.arrivals = this.arrivals.slice(first);
    return this.arrivals;
  }
}
