import { useState } from "react";
import { Link } from "wouter";
import { secondsOf } from "../alerts/times";
import { literally } from "../filters/terms";
import { resourceAddress } from "../paths";
import { ErrorState } from "../states/error-state";
import { type Period, since } from "../subjects/period";
import { useSteps } from "../subjects/use-steps";
import { sentenceOf } from "../texts/actions";
import { plural, t } from "../texts/texts";
import { Moment } from "../times/moment";
import { Button } from "../ui/button";
import { SenderText } from "../ui/sender-text";
import { latestOf } from "./latest";

/** The resources of a type that the newest activities are about, as far as these are loaded. */
export function LatestResources({ type, period }: { type: string; period: Period }) {
  // The dates stay those of the first page: a cursor belongs to its filter.
  const [filter] = useState(() => ({ resource_type: literally(type), ...since(period) }));
  const steps = useSteps(filter);
  const rows = steps.data?.pages.flatMap(({ data }) => data) ?? [];
  if (steps.error && rows.length === 0) return <ErrorState error={steps.error} onRetry={steps.refetch} />;
  const resources = latestOf(rows);
  return (
    <section className="py-1 pr-3">
      <ul aria-label={t("Latest resources of type {type}", { type })} className="text-xs">
        {resources.map(({ id, count, last }) => (
          <li key={id} className="flex min-h-7 min-w-0 items-center gap-3">
            <Link
              href={resourceAddress(type, id)}
              className="w-56 min-w-0 truncate rounded font-mono leading-6 hover:underline max-md:flex-1"
            >
              <SenderText text={id} />
            </Link>
            <span className="min-w-0 flex-1 truncate text-muted max-md:hidden">
              <SenderText text={sentenceOf(last)} sentence />
            </span>
            <span className="tabular shrink-0 text-faint">
              {plural(count, "{count} activity", "{count} activities")}
            </span>
            <Moment
              seconds={secondsOf(last.occurred_at)}
              className="shrink-0 md:w-32 text-right text-muted"
            />
          </li>
        ))}
      </ul>
      {steps.data && resources.length === 0 && (
        <p className="py-1 text-xs text-faint">{t("The newest activities of this type name no resource.")}</p>
      )}
      {steps.data && (
        <p className="flex min-h-7 items-center gap-3 text-2xs text-faint">
          {plural(
            rows.length,
            "Among the newest {count} activity of this type.",
            "Among the newest {count} activities of this type.",
          )}
          {steps.hasNextPage && (
            <Button size="small" onClick={() => void steps.fetchNextPage()} disabled={steps.isFetching}>
              {t("Older activities")}
            </Button>
          )}
        </p>
      )}
    </section>
  );
}
