import type { ViewActions } from "../filters/use-view";
import type { Feed } from "../live/feed";
import { ErrorBoundary } from "../states/error-boundary";
import { t } from "../texts/texts";
import { TimelinePanel } from "../timeline/timeline-panel";
import { useFolded } from "../timeline/use-folded";
import { useWide } from "../ui/use-media";
import { useOnScreen } from "../ui/use-on-screen";
import { CardStrip } from "./card-strip";
import { useOverview } from "./use-overview";

export interface OverviewProps {
  actions: ViewActions;
  /** Null while there is no list of this filter. */
  feed: Feed | null;
  /** False where there is no list either, which then says why. */
  available: boolean;
  /** Why the server has not counted what the list has. */
  error: Error | null;
  onRetry: () => void;
}

/** The figures over the list: eight cards, and how much of it there was when. */
export default function Overview({ actions, feed, available, error, onRetry }: OverviewProps) {
  const { view, change, filterBy } = actions;
  const wide = useWide();
  const [folded, fold] = useFolded(!wide);
  const [place, shown] = useOnScreen();
  const overview = useOverview({ view, feed, available, shown, folded });
  const { isDefault } = overview.period;
  return (
    <div ref={place} data-figures className="@container">
      <ErrorBoundary what={t("The statistics")} drawn={overview.stats}>
        <CardStrip
          view={view}
          overview={overview}
          available={available}
          error={isDefault ? overview.error : error}
          onRetry={isDefault ? overview.retry : onRetry}
          onChange={change}
        />
      </ErrorBoundary>
      <ErrorBoundary what={t("The histogram")} drawn={overview.timeline.buckets}>
        <TimelinePanel
          overview={overview}
          folded={folded}
          onFold={fold}
          available={available}
          tenant={view.tenant_id}
          onChange={filterBy}
        />
      </ErrorBoundary>
    </div>
  );
}
