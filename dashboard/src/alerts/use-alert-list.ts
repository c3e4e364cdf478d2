import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { listAlerts } from "../api/calls";
import type { Alert } from "../api/types";
import { WHILE_AWAY } from "../api/while-away";
import { type AlertPages, insertInto, replaceIn, rowsOf } from "./pages";
import { ALERT_LIST_KEY } from "./query-keys";
import { type AlertFilter, alertQuery, matches } from "./view";

const PAGE_SIZE = 50;
const FRESH_MS = 10_000;
/** More than these are only counted as these: the list is read again then. */
const MAX_PENDING = 200;
const NO_ALERTS: readonly Alert[] = [];

/** The alerts of a filter, the newest first, page after page. */
export function useAlertList(filter: AlertFilter) {
  const query = alertQuery(filter).toString();
  return useInfiniteQuery({
    queryKey: [...ALERT_LIST_KEY, query],
    queryFn: ({ pageParam, signal }) => {
      const asked = new URLSearchParams(query);
      asked.set("limit", String(PAGE_SIZE));
      if (pageParam !== null) asked.set("cursor", pageParam);
      return listAlerts(asked, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next_cursor }) => next_cursor,
    staleTime: FRESH_MS,
    ...WHILE_AWAY,
  });
}

/**
 * The rows of the list, and the new alerts that belong into it. These wait while the reader is busy with the rows; an
 * alert that is listed already changes in its place and is shown in any state, so that no row goes by itself.
 */
export function useAlertRows(filter: AlertFilter, pages: AlertPages | undefined, hold: boolean) {
  const queries = useQueryClient();
  const query = alertQuery(filter).toString();
  const [waiting, setWaiting] = useState({ query, alerts: NO_ALERTS });
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => (pages ? rowsOf(pages) : NO_ALERTS), [pages]);
  const pending = waiting.query === query ? waiting.alerts : NO_ALERTS;

  const onAlert = useCallback(
    (alert: Alert) => {
      const isListed = rows.some(({ id }) => id === alert.id);
      setWaiting((former) => {
        const alerts = former.query === query ? former.alerts.filter(({ id }) => id !== alert.id) : NO_ALERTS;
        const added = !isListed && matches(filter, alert) ? [alert, ...alerts].slice(0, MAX_PENDING) : alerts;
        return { query, alerts: added };
      });
    },
    [rows, query, filter],
  );

  const release = useCallback(() => {
    if (pending.length === 0) return;
    queries.setQueryData<AlertPages>(
      [...ALERT_LIST_KEY, query],
      (former) => former && insertInto(pending.reduce(renew, former), pending),
    );
    setFresh(new Set(pending.map(({ id }) => id)));
    // What has come since these rows were drawn goes on waiting.
    setWaiting((former) => ({
      ...former,
      alerts: former.alerts.filter((alert) => !pending.includes(alert)),
    }));
  }, [queries, query, pending]);

  useEffect(() => {
    if (!hold && pages) release();
  }, [hold, pages, release]);

  return { rows, fresh, pending, release, onAlert };
}

/** An alert may wait in a new version while its former one enters. Its count never falls. */
function renew(pages: AlertPages, alert: Alert): AlertPages {
  const listed = rowsOf(pages).find(({ id }) => id === alert.id);
  return listed && listed.count < alert.count ? replaceIn(pages, alert) : pages;
}
