/**
 * How far the server's clock is ahead of this device's. The `Date` of an answer has whole seconds, so one answer says it
 * to a second and a bit; each further one narrows it. Clocks that may be equal count as equal.
 */
export interface Ahead {
  ms: number;
  /** It is known to a part of a second only. */
  isRough: boolean;
}

const SECOND_MS = 1_000;
const ROUGH_MS = 50;

export class ServerClock {
  private least = Number.NEGATIVE_INFINITY;
  private most = Number.POSITIVE_INFINITY;

  /** Learns from an answer. Times are epoch milliseconds of this device. */
  learn(date: string | null, askedAt: number, answeredAt: number): void {
    const second = date ? Date.parse(date) : Number.NaN;
    if (Number.isNaN(second)) return;
    const least = second - answeredAt;
    const most = second + SECOND_MS - askedAt;
    const isSet = least > this.most || most < this.least;
    // A clock has been set meanwhile: what was known is no longer so.
    this.least = isSet ? least : Math.max(this.least, least);
    this.most = isSet ? most : Math.min(this.most, most);
  }

  ahead(): Ahead {
    if (this.least <= 0 && this.most >= 0) return { ms: 0, isRough: false };
    return { ms: (this.least + this.most) / 2, isRough: this.most - this.least > 2 * ROUGH_MS };
  }
}

export const serverClock = new ServerClock();
