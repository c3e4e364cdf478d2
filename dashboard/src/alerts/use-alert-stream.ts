import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Alert, Session } from "../api/types";
import { followLog, type LiveStatus } from "../live/connection";
import { SESSION_KEY } from "../session/use-session";
import { whenVisible } from "../ui/visibility";
import { arrivalsOf } from "./arrivals";

/** Alerts come whatever the filter is, so one that lets few activities through is enough. */
const FILTER = "action_filter=alert_raised";

/** The stream of a page about alerts. `onAlert` is told of each new version of one, once it is in all lists. */
export function useAlertStream(onAlert?: (alert: Alert) => void): LiveStatus {
  const queries = useQueryClient();
  const [status, setStatus] = useState<LiveStatus>("connecting");
  const latest = useRef(onAlert);
  latest.current = onAlert;

  useEffect(() => {
    const arrivals = arrivalsOf(queries);
    let wasLive = false;
    let isBehind = false;
    let forgetReload: () => void = () => undefined;
    const reload = () => {
      forgetReload();
      forgetReload = whenVisible(arrivals.reload);
    };
    const following = followLog({
      filter: FILTER,
      resumeAfter: null,
      session: queries.getQueryData<Session>(SESSION_KEY) ?? null,
      onActivity: () => undefined,
      onReset: reload,
      onAlert: (data) => {
        const alert = arrivals.take(data);
        if (alert) latest.current?.(alert);
      },
      onStatus: (next) => {
        setStatus(next);
        if (next !== "live") isBehind = wasLive;
        else if (isBehind) {
          isBehind = false;
          reload();
        }
        wasLive ||= next === "live";
      },
      onRefused: () => void queries.invalidateQueries({ queryKey: SESSION_KEY }),
    });
    return () => {
      following.stop();
      forgetReload();
    };
  }, [queries]);

  return status;
}
