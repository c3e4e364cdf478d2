import { ChevronDown, ChevronRight, X } from "lucide-react";
import { lazy, type ReactNode, Suspense, useEffect, useId } from "react";
import type { Filter } from "../filters/view";
import { NotCounted } from "../states/not-counted";
import { Button } from "../ui/button";
import { SenderText } from "../ui/sender-text";
import { useWide } from "../ui/use-media";
import { useOnScreen } from "../ui/use-on-screen";
import type { Figures } from "./arithmetic";
import { formatWidth, timeZone } from "./times";
import { useFolded } from "./use-folded";
import { useTimeline } from "./use-timeline";

const loadHistogram = () => import("./histogram");
const Histogram = lazy(loadHistogram);

const BUCKETS = { wide: 100, narrow: 40 };

interface TimelinePanelProps {
  filter: Filter;
  figures: Figures | null;
  /** False while there is no list either, which then says why. */
  available: boolean;
  onChange: (change: Partial<Filter>) => void;
  /** What else the head of the list has to offer. */
  children?: ReactNode;
}

/** The head of the list: how much of it there was when. */
export function TimelinePanel({ filter, figures, available, onChange, children }: TimelinePanelProps) {
  const wide = useWide();
  const [folded, fold] = useFolded(!wide);
  const [panel, isOnScreen] = useOnScreen();
  // Beside its counts and not after them.
  useEffect(() => {
    if (!folded) void loadHistogram();
  }, [folded]);
  const body = useId();
  const buckets = wide ? BUCKETS.wide : BUCKETS.narrow;
  const timeline = useTimeline({ filter, buckets, shown: available && !folded && isOnScreen, figures });
  const Chevron = folded ? ChevronRight : ChevronDown;
  const isDated = filter.date_from !== null || filter.date_to !== null;

  return (
    <section ref={panel} aria-label="Over time" className="rounded-xl border border-line bg-surface">
      <div className="relative flex h-12 items-center gap-3 pr-2 pl-2">
        <h2>
          <Button look="quiet" aria-expanded={!folded} aria-controls={body} onClick={fold}>
            <Chevron aria-hidden className="size-3.5" />
            Over time
          </Button>
        </h2>
        {!folded && <Caption timeline={timeline} />}
        <span className="ml-auto" />
        {isDated && (
          <Button look="quiet" onClick={() => onChange({ date_from: null, date_to: null })}>
            <X aria-hidden className="size-3.5" />
            Any time
          </Button>
        )}
        {children}
      </div>
      <div id={body}>{available && !folded && <Body timeline={timeline} onChange={onChange} />}</div>
    </section>
  );
}

type Asked = ReturnType<typeof useTimeline>;

function Caption({ timeline: { data, buckets, error } }: { timeline: Asked }) {
  if (data && error) {
    return (
      <span role="alert" className="truncate text-xs text-bad">
        Not refreshed: <SenderText text={error.message} lines />
      </span>
    );
  }
  if (!data || !buckets?.length) return null;
  return (
    <span className="flex min-w-0 items-center gap-4 text-xs text-faint max-sm:hidden">
      <span className="truncate" title={`Times are those of ${timeZone()}`}>
        A bar is {formatWidth(data.bucket_seconds)}
      </span>
      <span className="flex items-center gap-1.5 max-md:hidden">
        <span aria-hidden className="size-2 rounded-[2px] bg-accent/65" />
        Success
      </span>
      <span className="flex items-center gap-1.5 max-md:hidden">
        <span aria-hidden className="size-2 rounded-[2px] bg-bad" />
        Failed
      </span>
    </span>
  );
}

function Body({ timeline, onChange }: { timeline: Asked; onChange: TimelinePanelProps["onChange"] }) {
  const { data, buckets, error, isPlaceholderData, refetch } = timeline;
  if (!data || !buckets) {
    if (!error) return <Skeleton />;
    return (
      <NotCounted
        error={error}
        onRetry={() => void refetch()}
        className="h-24 flex-col gap-2 pb-2 text-center md:h-28"
      />
    );
  }
  if (buckets.length === 0) {
    return <p className="px-4 pb-4 text-xs text-faint">Nothing to show: no activity matches.</p>;
  }
  return (
    <Suspense fallback={<Skeleton />}>
      <Histogram
        buckets={buckets}
        widthSeconds={data.bucket_seconds}
        dimmed={isPlaceholderData}
        onNarrow={onChange}
      />
    </Suspense>
  );
}

const SKELETON = Array.from({ length: 48 }, (_, bar) => 25 + ((bar * 37) % 60));

function Skeleton() {
  return (
    <div role="status" aria-label="Counting over time" className="px-4 pb-8">
      <div className="ml-10 flex h-16 animate-pulse items-end gap-0.5 border-b border-line md:h-20">
        {SKELETON.map((height, bar) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
          <span key={bar} className="flex-1 rounded-t-[2px] bg-line" style={{ height: `${height}%` }} />
        ))}
      </div>
    </div>
  );
}
