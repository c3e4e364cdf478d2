/** What becomes of the alerts that a stream brings: every list and detail that has one gets its new version. */
import type { QueryClient } from "@tanstack/react-query";
import type { Alert, AlertState } from "../api/types";
import { Notices } from "./notices";
import { type AlertPages, replaceIn } from "./pages";
import { ALERT_LIST_KEY, alertKey, CHANNELS_KEY, OPEN_ALERTS_KEY, RULES_KEY } from "./query-keys";

/** Changes within this time cause one count. */
const SETTLE_MS = 500;
/** Alerts within this time cause one look at the channels. By its end, the first attempt to notify them (15 s) is over. */
export const NOTIFIED_MS = 30_000;
const MAX_KNOWN = 1_000;

const known = new WeakMap<QueryClient, Arrivals>();

export function arrivalsOf(queries: QueryClient): Arrivals {
  const arrivals = known.get(queries) ?? new Arrivals(queries);
  known.set(queries, arrivals);
  return arrivals;
}

export class Arrivals {
  readonly notices = new Notices();
  private readonly queries: QueryClient;
  /** The last known states. An alert that goes on in the same state changes no count. */
  private readonly states = new Map<string, AlertState>();
  private counting: ReturnType<typeof setTimeout> | undefined;
  private notifying: ReturnType<typeof setTimeout> | undefined;

  constructor(queries: QueryClient) {
    this.queries = queries;
  }

  /** Takes the data of a frame. Returns the alert, or null where it is none that this version understands. */
  readonly take = (data: unknown): Alert | null => {
    const alert = readAlert(data);
    if (!alert) return null;
    this.settle(alert);
    this.notices.take(alert);
    this.notifying ??= setTimeout(this.askChannels, NOTIFIED_MS);
    return alert;
  };

  /** Puts the new version of an alert into everything that shows it. */
  readonly settle = (alert: Alert): void => {
    this.queries.setQueryData<Alert>(alertKey(alert.id), (former) => former && alert);
    this.queries.setQueriesData<AlertPages>(
      { queryKey: ALERT_LIST_KEY },
      (pages) => pages && replaceIn(pages, alert),
    );
    if (this.states.get(alert.id) === alert.state) return;
    this.states.set(alert.id, alert.state);
    for (const [oldest] of this.states) {
      if (this.states.size <= MAX_KNOWN) break;
      this.states.delete(oldest);
    }
    this.counting ??= setTimeout(this.count, SETTLE_MS);
  };

  /** Frames of a stream that was cut are not sent again, so everything is asked for anew. */
  readonly reload = (): void => {
    for (const queryKey of [["alerts"], RULES_KEY]) void this.queries.invalidateQueries({ queryKey });
  };

  private readonly count = (): void => {
    this.counting = undefined;
    for (const queryKey of [OPEN_ALERTS_KEY, RULES_KEY]) void this.queries.invalidateQueries({ queryKey });
  };

  private readonly askChannels = (): void => {
    this.notifying = undefined;
    void this.queries.invalidateQueries({ queryKey: CHANNELS_KEY });
  };
}

const REQUIRED = ["id", "title", "state", "severity", "rule", "raised_at", "last_at"] as const;

function readAlert(data: unknown): Alert | null {
  if (typeof data !== "object" || data === null) return null;
  const alert = data as Alert;
  const isAlert =
    REQUIRED.every((name) => typeof alert[name] === "string") &&
    typeof alert.count === "number" &&
    typeof alert.group === "object" &&
    alert.group !== null;
  return isAlert ? alert : null;
}
