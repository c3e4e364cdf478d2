import { useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { getTimeline } from "../api/calls";
import type { Alert } from "../api/types";
import { useCatchUp } from "../live/use-catch-up";
import { logAddress } from "../paths";
import { NotCounted } from "../states/not-counted";
import { t } from "../texts/texts";
import Histogram from "../timeline/histogram";
import { TIMELINE_KEY } from "../timeline/use-timeline";
import { Block } from "../ui/block";
import { useVisible } from "../ui/visibility";
import { logFilter } from "./log-filter";

const BUCKETS = 40;
const COUNT_INTERVAL_MS = 10_000;

/** When the activities of an alert happened. A bar leads to its activities in the log. */
export function AlertTimeline({ alert }: { alert: Alert }) {
  const [, navigate] = useLocation();
  const { activities, count } = alert;
  const isVisible = useVisible();
  const timeline = useQuery({
    queryKey: [TIMELINE_KEY, "alert", alert.id],
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams(activities);
      query.set("buckets", String(BUCKETS));
      return { count, ...(await getTimeline(query, signal)) };
    },
    enabled: isVisible && activities !== "",
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { data, error, refetch } = timeline;
  useCatchUp(data !== undefined && data.count !== count, timeline, COUNT_INTERVAL_MS);
  if (activities === "" || data?.buckets.length === 0) return null;
  return (
    <Block title={t("Over time")}>
      {data ? (
        <div className="rounded-lg border border-line pt-4">
          <Histogram
            buckets={data.buckets}
            widthSeconds={data.bucket_seconds}
            dimmed={false}
            isNarrow
            onNarrow={({ date_from, date_to }) => {
              const query = logFilter(activities);
              if (date_from !== null) query.set("date_from", String(date_from));
              if (date_to !== null) query.set("date_to", String(date_to));
              navigate(logAddress(query));
            }}
          />
        </div>
      ) : error ? (
        <NotCounted
          error={error}
          onRetry={() => void refetch()}
          className="min-h-24 gap-3 rounded-lg border border-line"
        />
      ) : (
        <div
          role="status"
          aria-label={t("Counting over time")}
          className="h-28 animate-pulse rounded-lg bg-hover"
        />
      )}
    </Block>
  );
}
