import { deviceText } from "../activity/device-text";
import type { Activity } from "../api/types";
import { ErrorState } from "../states/error-state";
import { plural, t } from "../texts/texts";
import { Button } from "../ui/button";
import { SenderText } from "../ui/sender-text";
import { ActivitySteps } from "./activity-steps";
import { useSteps } from "./use-steps";

interface StepListProps {
  filter: Record<string, string>;
  /** It stands below a line that says the device. */
  folded?: boolean;
}

/** Everything of a filter in time order, as far as it is loaded. */
export function StepList({ filter, folded = false }: StepListProps) {
  const steps = useSteps(filter);
  const rows = steps.data?.pages.flatMap(({ data }) => data) ?? [];
  if (steps.error && rows.length === 0) {
    return <ErrorState error={steps.error} onRetry={steps.refetch} />;
  }
  return (
    <section>
      {!folded && <Devices rows={rows} />}
      <ActivitySteps label={t("Activities")} rows={rows} filter={filter} />
      {steps.hasNextPage && (
        <div className="flex justify-center py-3">
          <Button onClick={() => void steps.fetchNextPage()} disabled={steps.isFetching}>
            {t("Older activities")}
          </Button>
        </div>
      )}
    </section>
  );
}

/** The devices that the loaded activities came from. The log does not count them. */
function Devices({ rows }: { rows: readonly Activity[] }) {
  const counts = new Map<string, number>();
  for (const { device } of rows) {
    const text = deviceText(device);
    if (text) counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  if (counts.size === 0) return null;
  return (
    <p className="flex flex-wrap gap-x-4 gap-y-1 border-b border-line px-3 py-2 text-xs">
      <span className="text-faint">
        {plural(
          rows.length,
          "Devices of the {count} activity below",
          "Devices of the {count} activities below",
        )}
      </span>
      {[...counts]
        .sort(([, a], [, b]) => b - a)
        .map(([text, count]) => (
          <span key={text}>
            <SenderText text={text} /> <span className="tabular text-faint">{count}</span>
          </span>
        ))}
    </p>
  );
}
