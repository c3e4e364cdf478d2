import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useLocation } from "wouter";
import { getTimeline } from "../api/calls";
import { WHILE_AWAY } from "../api/while-away";
import { logAddress } from "../paths";
import { NotCounted } from "../states/not-counted";
import { t } from "../texts/texts";
import Histogram from "../timeline/histogram";
import { REPORT_KEY } from "./use-report";
import { datesOf, type ReportWindow } from "./window";

const BUCKETS = "60";

interface ReportChartProps {
  /** What is counted, as a sentence begins. */
  title: string;
  /** The activities that the report is about, without dates. */
  filter: Record<string, string>;
  window: ReportWindow;
}

/** When it happened: all of it above the line, what failed below. A bar leads to its activities in the log. */
export function ReportChart({ title, filter, window }: ReportChartProps) {
  const [, navigate] = useLocation();
  const { data, error, isPlaceholderData, refetch } = useQuery({
    queryKey: [REPORT_KEY, "chart", filter, window],
    queryFn: ({ signal }) => {
      return getTimeline(new URLSearchParams({ ...filter, ...datesOf(window), buckets: BUCKETS }), signal);
    },
    placeholderData: keepPreviousData,
    ...WHILE_AWAY,
  });
  const isEmpty = data?.buckets.length === 0;
  return (
    <figure className="flex flex-col gap-1 border-b border-line px-3 py-2">
      <figcaption className="text-2xs text-faint">
        {title}
        {!isEmpty && <span className="text-bad"> · {t("failed below the line")}</span>}
      </figcaption>
      <div className="h-17">
        {data && isEmpty && <p className="pt-2 text-xs text-faint">{t("Nothing in this window.")}</p>}
        {data && !isEmpty && (
          <Histogram
            buckets={data.buckets}
            widthSeconds={data.bucket_seconds}
            dimmed={isPlaceholderData}
            endsNow={typeof window === "string" || window.to === null}
            onNarrow={({ date_from, date_to }) =>
              navigate(
                logAddress(
                  new URLSearchParams({ ...filter, date_from: String(date_from), date_to: String(date_to) }),
                ),
              )
            }
          />
        )}
        {!data && error && (
          <NotCounted error={error} onRetry={() => void refetch()} className="h-full gap-3" />
        )}
      </div>
    </figure>
  );
}
