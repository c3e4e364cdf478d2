import { useQuery } from "@tanstack/react-query";
import { listActivities } from "../api/calls";
import type { Activity, Alert } from "../api/types";
import { useCatchUp } from "../live/use-catch-up";
import { useVisible } from "../ui/visibility";

export const MAX_EVIDENCE = 100;
const CATCH_UP_MS = 5_000;

export interface Evidence {
  rows: readonly Activity[];
  hasMore: boolean;
  /** What the alert's count was when they were asked for. */
  count: number;
}

/** The first activities of an alert, the oldest first. An alert that goes on has more of them after a time. */
export function useEvidence(alert: Alert) {
  const { activities, count } = alert;
  const isVisible = useVisible();
  const evidence = useQuery({
    queryKey: ["evidence", alert.id],
    queryFn: async ({ signal }): Promise<Evidence> => {
      const query = new URLSearchParams(activities);
      query.set("limit", String(MAX_EVIDENCE));
      query.set("sort_by", "timestamp");
      query.set("sort_order", "asc");
      query.set("stats", "false");
      const { data, next_cursor } = await listActivities(query, signal);
      return { rows: data, hasMore: next_cursor !== null, count };
    },
    enabled: isVisible && activities !== "",
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { data } = evidence;
  useCatchUp(data !== undefined && !data.hasMore && data.count !== count, evidence, CATCH_UP_MS);
  return evidence;
}
