import type { ReactNode } from "react";
import { secondsOf } from "../alerts/times";
import { ErrorState } from "../states/error-state";
import { t } from "../texts/texts";
import { Moment, OtherMoment } from "../times/moment";
import { formatDuration, formatNumber } from "../ui/format";
import { FailedLabel } from "./failed-label";
import { useGroups } from "./use-groups";

/** First and last seen, how much happened, how much failed, how long it took. */
export function SubjectFigures({ filter }: { filter: Record<string, string> }) {
  const groups = useGroups({ filter, p95: true });
  const { data, error } = groups;
  if (error && !data) return <ErrorState error={error} onRetry={groups.refetch} />;
  const all = data?.data[0];
  if (data && !all) {
    return <p className="border-b border-line px-3 py-3 text-muted">{t("The log has nothing about it.")}</p>;
  }
  const moment = (time: string) => (
    <>
      <Moment seconds={secondsOf(time)} />
      <OtherMoment seconds={secondsOf(time)} className="block text-2xs font-normal text-faint" />
    </>
  );
  return (
    <dl
      aria-busy={groups.isFetching}
      className="grid min-h-18 grid-cols-2 border-b border-line @2xl:grid-cols-5"
    >
      {all && (
        <>
          <Figure label={t("First seen")}>{moment(all.first_at)}</Figure>
          <Figure label={t("Last seen")}>{moment(all.last_at)}</Figure>
          <Figure label={t("Activities")}>{formatNumber(all.count)}</Figure>
          <Figure label={t("Failed")}>
            <FailedLabel count={all.count} failed={all.failed_count} />
          </Figure>
          <Figure label={t("p95 duration")}>
            {all.p95_duration_ms === null ? "–" : formatDuration(all.p95_duration_ms)}
          </Figure>
        </>
      )}
    </dl>
  );
}

const Figure = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="px-3 py-2 @2xl:border-line @2xl:not-first:border-l">
    <dt className="text-2xs text-faint">{label}</dt>
    <dd className="tabular text-base font-semibold">{children}</dd>
  </div>
);
