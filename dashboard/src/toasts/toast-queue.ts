/**
 * Toasts for what happens. Arrivals are gathered for a moment: one becomes a sentence, several become
 * "12 new activities", and a burst keeps counting in one toast instead of filling the corner.
 */
import type { Activity } from "../api/types";

export interface Toast {
  key: number;
  tone: "neutral" | "bad";
  title: string;
  note: string | null;
  icon: string | null;
  /** How many activities this one speaks for; a summary when more than one. */
  count: number;
  failed: number;
  /** Epoch milliseconds. */
  countsUntil: number;
}

type Content = Omit<Toast, "key" | "countsUntil">;

const GATHER_MS = 300;
const SHOW_MS = 2_800;
/** A summary that never stopped counting would say nothing about now. */
const COUNT_ON_MS = 4_000;
const MAX_VISIBLE = 3;

export class ToastQueue {
  private toasts: readonly Toast[] = [];
  private gathered: Activity[] = [];
  private gathering: ReturnType<typeof setTimeout> | undefined;
  private readonly expiries = new Map<number, ReturnType<typeof setTimeout>>();
  private readonly listeners = new Set<() => void>();
  private nextKey = 1;

  readonly subscribe = (notify: () => void): (() => void) => {
    this.listeners.add(notify);
    return () => void this.listeners.delete(notify);
  };

  readonly visible = (): readonly Toast[] => this.toasts;

  announce(activities: readonly Activity[]): void {
    this.gathered.push(...activities);
    if (this.gathered.length > 0) this.gathering ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  readonly dismiss = (key: number): void => {
    clearTimeout(this.expiries.get(key));
    this.expiries.delete(key);
    this.replace(this.toasts.filter((toast) => toast.key !== key));
  };

  private flush(): void {
    this.gathering = undefined;
    const batch = this.gathered;
    this.gathered = [];
    const failed = batch.filter((activity) => !activity.success).length;
    const summary = this.toasts.findLast((toast) => toast.count > 1 && Date.now() < toast.countsUntil);
    const [only] = batch;
    if (summary) this.extend(summary, batch.length, failed);
    else if (only && batch.length === 1) this.show(sentence(only), SHOW_MS);
    else this.show(summarise(batch.length, failed), SHOW_MS);
  }

  private extend(summary: Toast, count: number, failed: number): void {
    const grown = { ...summary, ...summarise(summary.count + count, summary.failed + failed) };
    this.expireLater(summary.key, SHOW_MS);
    this.replace(this.toasts.map((toast) => (toast.key === summary.key ? grown : toast)));
  }

  private show(content: Content, forMs: number): void {
    const key = this.nextKey++;
    if (this.toasts.length >= MAX_VISIBLE) {
      const [oldest] = this.toasts;
      if (oldest) this.dismiss(oldest.key);
    }
    this.expireLater(key, forMs);
    this.replace([...this.toasts, { ...content, key, countsUntil: Date.now() + COUNT_ON_MS }]);
  }

  private expireLater(key: number, ms: number): void {
    clearTimeout(this.expiries.get(key));
    this.expiries.set(
      key,
      setTimeout(() => this.dismiss(key), ms),
    );
  }

  private replace(toasts: readonly Toast[]): void {
    this.toasts = toasts;
    for (const notify of this.listeners) notify();
  }
}

function sentence(activity: Activity): Content {
  return {
    tone: activity.success ? "neutral" : "bad",
    title: activity.description,
    note: activity.success ? activity.action_type : (activity.error_message ?? "Failed"),
    icon: activity.icon,
    count: 1,
    failed: activity.success ? 0 : 1,
  };
}

function summarise(count: number, failed: number): Content {
  return {
    tone: failed > 0 ? "bad" : "neutral",
    title: `${count.toLocaleString("en")} new activities`,
    note: failed > 0 ? `${failed.toLocaleString("en")} failed` : null,
    icon: "layers",
    count,
    failed,
  };
}
