import { listActivities } from "../api/calls";
import type { ActivityList } from "../api/types";

const SETTLE_MS = 1_500;
const LEAST_INTERVAL_MS = 10_000;

/**
 * Asks the server for a filter's figures some time after something arrived, at most every ten seconds, and
 * never when nothing did. One row is enough: the rows themselves come by the stream.
 */
export class Reconciler {
  private readonly filter: string;
  private readonly onAsked: () => void;
  private readonly onAnswer: (list: ActivityList) => void;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastAsked = 0;

  constructor(filter: string, onAsked: () => void, onAnswer: (list: ActivityList) => void) {
    this.filter = filter;
    this.onAsked = onAsked;
    this.onAnswer = onAnswer;
  }

  soon(): void {
    const wait = Math.max(SETTLE_MS, this.lastAsked + LEAST_INTERVAL_MS - Date.now());
    this.timer ??= setTimeout(() => void this.ask(), wait);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private async ask(): Promise<void> {
    this.timer = undefined;
    this.lastAsked = Date.now();
    const query = new URLSearchParams(this.filter);
    query.set("limit", "1");
    this.onAsked();
    try {
      this.onAnswer(await listActivities(query));
    } catch {
      // The figures stay as they were counted here; the next arrival asks again.
    }
  }
}
