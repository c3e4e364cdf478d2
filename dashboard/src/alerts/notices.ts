/**
 * What the bar at the top says of alerts while another page is read: one notice, which is updated in place. It is about
 * open alerts that are grave and not muted. It goes after a time, or when somebody has decided about its alerts.
 */
import type { Alert } from "../api/types";

export interface Notice {
  /** The gravest of them, and of these the newest. */
  alert: Alert;
  /** How many more there are. */
  others: number;
}

const SHOW_MS = 15_000;
const MAX_KNOWN = 1_000;

export class Notices {
  private readonly shown = new Map<string, Alert>();
  /** Those that were shown before: an alert that goes on is no news. */
  private readonly past = new Set<string>();
  private notice: Notice | null = null;
  private expiry: ReturnType<typeof setTimeout> | undefined;
  private readonly listeners = new Set<() => void>();

  readonly subscribe = (notify: () => void): (() => void) => {
    this.listeners.add(notify);
    return () => void this.listeners.delete(notify);
  };

  readonly visible = (): Notice | null => this.notice;

  take(alert: Alert): void {
    if (this.past.has(alert.id)) return;
    if (isNews(alert)) {
      this.shown.set(alert.id, alert);
      if (this.shown.size > MAX_KNOWN) this.shown.delete(first(this.shown.keys()));
      clearTimeout(this.expiry);
      this.expiry = setTimeout(this.dismiss, SHOW_MS);
    } else if (!this.shown.delete(alert.id)) return;
    this.tell();
  }

  readonly dismiss = (): void => {
    clearTimeout(this.expiry);
    for (const id of this.shown.keys()) this.past.add(id);
    while (this.past.size > MAX_KNOWN) this.past.delete(first(this.past));
    this.shown.clear();
    this.tell();
  };

  private tell(): void {
    const alerts = [...this.shown.values()];
    const [alert] = alerts.sort((a, b) => gravity(b) - gravity(a) || b.position - a.position);
    this.notice = alert ? { alert, others: alerts.length - 1 } : null;
    for (const notify of this.listeners) notify();
  }
}

const first = (ids: Iterable<string>): string => [...ids][0] ?? "";

const gravity = ({ severity }: Alert): number =>
  severity === "critical" ? 2 : severity === "warning" ? 1 : 0;

export const isGrave = (alert: Alert): boolean => gravity(alert) > 0;

const isNews = (alert: Alert): boolean =>
  isGrave(alert) && alert.state === "open" && !isMuted(alert, Date.now() / 1_000);

export const isMuted = ({ muted_until }: Pick<Alert, "muted_until">, nowSeconds: number): boolean =>
  muted_until !== null && Date.parse(muted_until) / 1_000 > nowSeconds;
