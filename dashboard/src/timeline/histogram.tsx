import { useId } from "react";
import type { Bucket } from "../api/types";
import type { Filter } from "../filters/view";
import { formatNumber } from "../ui/format";
import { bucketsOf, datesOf, niceCeiling, type Run, sumOf } from "./arithmetic";
import { Bar } from "./bar";
import { countText, RunTip } from "./run-tip";
import { Axis, Scale } from "./scales";
import { formatRange, formatWidth } from "./times";
import { useKeptFocus } from "./use-kept-focus";
import { useRun } from "./use-run";

interface HistogramProps {
  /** Oldest first, at least one. */
  buckets: readonly Bucket[];
  widthSeconds: number;
  /** Still the former bars, while the next ones are on their way. */
  dimmed: boolean;
  /** It has the width of a drawer, on a wide screen too. */
  isNarrow?: boolean;
  onNarrow: (dates: Pick<Filter, "date_from" | "date_to">) => void;
}

/** A bar for each bucket; what is clicked or dragged over becomes the filter's dates. */
export default function Histogram(props: HistogramProps) {
  const { buckets, widthSeconds, dimmed, isNarrow = false, onNarrow } = props;
  const summary = useId();
  const choose = (chosen: Run) => onNarrow(datesOf(buckets, widthSeconds, chosen));
  const { run, pointed, tabStop, handlers } = useRun(buckets.length, choose);
  const keptFocus = useKeptFocus(buckets);
  const most = niceCeiling(Math.max(...buckets.map((bucket) => bucket.count)));
  const marked = run ?? (pointed === null ? null : { from: pointed, to: pointed });
  const isChosen = (index: number) =>
    run !== null && index >= Math.min(run.from, run.to) && index <= Math.max(run.from, run.to);

  return (
    <div aria-busy={dimmed} className={`px-4 pb-2 transition-opacity ${dimmed ? "opacity-50" : ""}`}>
      <p id={summary} className="sr-only">
        {describe(buckets, widthSeconds)} Arrow keys go from bar to bar, with Shift they take in more; Enter
        narrows the log to them.
      </p>
      <div className="flex gap-2">
        <Scale most={most} />
        <div className="relative min-w-0 flex-1">
          <div className="relative">
            <span aria-hidden className="absolute inset-x-0 top-0 border-t border-line" />
            <span aria-hidden className="absolute inset-x-0 top-1/2 border-t border-line" />
            <fieldset
              aria-label="Activities over time"
              aria-describedby={summary}
              className="relative flex h-16 min-w-0 touch-pan-y border-b border-line-strong select-none md:h-20"
              {...handlers}
              {...keptFocus}
            >
              {buckets.map((bucket, index) => (
                <Bar
                  key={bucket.start}
                  index={index}
                  start={bucket.start}
                  widthSeconds={widthSeconds}
                  count={bucket.count}
                  failed={bucket.failed_count}
                  most={most}
                  chosen={isChosen(index)}
                  tabIndex={index === tabStop ? 0 : -1}
                />
              ))}
            </fieldset>
          </div>
          {marked && (
            <RunTip
              buckets={bucketsOf(buckets, marked)}
              widthSeconds={widthSeconds}
              at={(marked.from + marked.to + 1) / 2 / buckets.length}
            />
          )}
          <Axis buckets={buckets} widthSeconds={widthSeconds} isNarrow={isNarrow} />
        </div>
      </div>
    </div>
  );
}

/** The bars in words. */
function describe(buckets: readonly Bucket[], widthSeconds: number): string {
  const first = buckets[0];
  const last = buckets.at(-1);
  if (!first || !last) return "";
  const { count, failed } = sumOf(buckets);
  const top = buckets.reduce((highest, bucket) => (bucket.count > highest.count ? bucket : highest), first);
  return `${formatRange(first.start, last.start + widthSeconds)}: ${countText(count, failed)}, in steps of ${formatWidth(widthSeconds)}. The most, ${formatNumber(top.count)}, in ${formatRange(top.start, top.start + widthSeconds)}.`;
}
