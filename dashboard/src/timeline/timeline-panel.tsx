import { ChevronDown, ChevronRight, Table2 } from "lucide-react";
import { useId, useState } from "react";
import type { Filter } from "../filters/view";
import { NotCounted } from "../states/not-counted";
import type { Overview } from "../stats/use-overview";
import { rich, t } from "../texts/texts";
import { IconButton } from "../ui/button";
import { SenderText } from "../ui/sender-text";
import { useWide } from "../ui/use-media";
import { BucketTable } from "./bucket-table";
import Histogram from "./histogram";
import { marksOf } from "./marks";
import { useLatestAlerts } from "./use-alert-marks";

interface TimelinePanelProps {
  overview: Overview;
  folded: boolean;
  onFold: () => void;
  /** False while there is no list either, which then says why. */
  available: boolean;
  /** The only tenant whose alerts count. */
  tenant: string | null;
  onChange: (change: Partial<Filter>) => void;
}

/** How much of the log there was when. */
export function TimelinePanel(props: TimelinePanelProps) {
  const { overview, folded, onFold, available } = props;
  const { timeline } = overview;
  const [hasTable, setTable] = useState(false);
  const body = useId();
  const Chevron = folded ? ChevronRight : ChevronDown;
  const { data, buckets } = timeline;
  const canShowTable = !folded && data !== undefined && buckets !== undefined && buckets.length > 0;

  return (
    <section aria-label={t("Over time")} className="border-b border-line">
      <div className={`relative flex gap-1 pr-3 pl-1 ${folded ? "h-6.75" : "h-19.75 pt-2"}`}>
        <div className={`flex w-6 shrink-0 ${folded ? "" : "flex-col"}`}>
          <h2>
            <IconButton
              size="tiny"
              label={t("Over time")}
              aria-expanded={!folded}
              aria-controls={body}
              onClick={onFold}
            >
              <Chevron aria-hidden className="size-3.5" />
            </IconButton>
          </h2>
          {canShowTable && (
            <IconButton
              size="tiny"
              label={t("Table over time")}
              aria-pressed={hasTable}
              onClick={() => setTable(!hasTable)}
            >
              <Table2 aria-hidden className="size-3.5" />
            </IconButton>
          )}
        </div>
        {folded && (
          <span aria-hidden className="self-center text-2xs text-faint">
            {t("Over time")}
          </span>
        )}
        <div id={body} className="min-w-0 flex-1">
          {available && !folded && <Body {...props} />}
        </div>
      </div>
      {canShowTable && hasTable && <BucketTable buckets={buckets} widthSeconds={data.bucket_seconds} />}
    </section>
  );
}

function Body({ overview, tenant, onChange }: TimelinePanelProps) {
  const { timeline, period, ghost } = overview;
  const { data, buckets, error, isCurrent, refetch } = timeline;
  const alerts = useLatestAlerts(isCurrent, tenant);
  const wide = useWide();
  if (!data || !buckets) {
    if (!error) return <Skeleton />;
    return (
      <NotCounted error={error} onRetry={() => void refetch()} className="h-full gap-3 pb-2 text-center" />
    );
  }
  const first = buckets[0];
  if (!first) {
    return (
      <p className="py-2 text-xs text-faint">
        {period.isDefault
          ? t("Nothing to show: no activity matches in the last 24 hours.")
          : t("Nothing to show: no activity matches at these dates.")}
      </p>
    );
  }
  const span = { from: first.start, to: first.start + buckets.length * data.bucket_seconds };
  const marks = isCurrent ? marksOf(alerts, { ...span, room: wide ? 0.16 : 0.6 }) : [];
  return (
    <>
      {error && <NotRefreshed error={error} />}
      <Histogram
        buckets={buckets}
        widthSeconds={data.bucket_seconds}
        dimmed={!isCurrent}
        endsNow={period.dates.date_to === null && period.dates.date_from !== null}
        ghost={ghost}
        marks={marks}
        onNarrow={onChange}
      />
    </>
  );
}

const NotRefreshed = ({ error }: { error: Error }) => (
  <p role="alert" className="absolute top-0 right-3 z-10 max-w-1/2 truncate bg-canvas text-2xs text-bad">
    {rich("Not refreshed: {reason}", { reason: <SenderText text={error.message} lines /> })}
  </p>
);

const SKELETON = Array.from({ length: 48 }, (_, bar) => 25 + ((bar * 37) % 60));

const Skeleton = () => (
  <div role="status" aria-label={t("Counting over time")} className="animate-await h-13 pb-3">
    <div className="flex h-full animate-pulse items-end gap-0.5 border-b border-line">
      {SKELETON.map((height, bar) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <span key={bar} className="flex-1 rounded-t-[2px] bg-line" style={{ height: `${height}%` }} />
      ))}
    </div>
  </div>
);
