import { useId } from "react";
import type { Bucket } from "../api/types";
import type { Filter } from "../filters/view";
import { t } from "../texts/texts";
import { useTimes } from "../times/times";
import type { Zone } from "../times/zone";
import { AlertMarks } from "./alert-marks";
import {
  bucketsOf,
  datesOf,
  failedCeiling,
  type GhostPoint,
  niceCeiling,
  type Run,
  sumOf,
} from "./arithmetic";
import { Bar } from "./bar";
import { Ghost } from "./ghost";
import type { AlertMark } from "./marks";
import { countText, RunTip } from "./run-tip";
import { Axis } from "./scales";
import { formatRange, formatWidth } from "./times";
import { useRun } from "./use-run";

interface HistogramProps {
  /** Oldest first, at least one. */
  buckets: readonly Bucket[];
  widthSeconds: number;
  /** Still the former bars, while the next ones are on their way. */
  dimmed: boolean;
  /** It has the width of a drawer, on a wide screen too. */
  isNarrow?: boolean;
  /** Its last bar is the present. */
  endsNow?: boolean;
  /** The period before. */
  ghost?: readonly GhostPoint[];
  marks?: readonly AlertMark[];
  onNarrow: (dates: Pick<Filter, "date_from" | "date_to">) => void;
}

const NO_GHOST: readonly GhostPoint[] = [];
const NO_MARKS: readonly AlertMark[] = [];

/** A bar for each bucket; what is clicked or dragged over becomes the filter's dates. */
export default function Histogram(props: HistogramProps) {
  const { buckets, widthSeconds, dimmed, isNarrow = false, endsNow = false, onNarrow } = props;
  const { ghost = NO_GHOST, marks = NO_MARKS } = props;
  const { zone } = useTimes();
  const [summary, bars] = [useId(), useId()];
  const idOf = (index: number) => `${bars}-${index}`;
  const choose = (chosen: Run) => onNarrow(datesOf(buckets, widthSeconds, chosen));
  const { run, pointed, current, handlers } = useRun(buckets.length, choose);
  const most = niceCeiling(
    Math.max(...buckets.map(({ count }) => count), ...ghost.map(({ count }) => count)),
  );
  const mostFailed = failedCeiling(buckets);
  const marked = run ?? (pointed === null ? null : { from: pointed, to: pointed });
  const isChosen = (index: number) =>
    run !== null && index >= Math.min(run.from, run.to) && index <= Math.max(run.from, run.to);

  return (
    <div aria-busy={dimmed} className={`transition-opacity ${dimmed ? "opacity-50" : ""}`}>
      <p id={summary} className="sr-only">
        {describe(buckets, widthSeconds, zone)}{" "}
        {t("Arrow keys go from bar to bar, with Shift they take in more; Enter narrows the log to them.")}
      </p>
      <div className="relative">
        <span aria-hidden className="absolute inset-x-0 bottom-3 border-t border-line-strong" />
        <div
          role="listbox"
          tabIndex={0}
          aria-label={t("Activities over time")}
          aria-describedby={summary}
          aria-orientation="horizontal"
          aria-multiselectable
          aria-activedescendant={idOf(current)}
          className={`group/bars relative flex min-w-0 touch-pan-y select-none ${isNarrow ? "h-16" : "h-13"}`}
          {...handlers}
        >
          {buckets.map((bucket, index) => (
            <Bar
              key={bucket.start}
              id={idOf(index)}
              index={index}
              start={bucket.start}
              widthSeconds={widthSeconds}
              count={bucket.count}
              failed={bucket.failed_count}
              most={most}
              mostFailed={mostFailed}
              chosen={isChosen(index)}
              isCurrent={index === current}
            />
          ))}
        </div>
        <Ghost points={ghost} most={most} />
        <AlertMarks marks={marks} />
        {marked && (
          <RunTip
            buckets={bucketsOf(buckets, marked)}
            widthSeconds={widthSeconds}
            at={(marked.from + marked.to + 1) / 2 / buckets.length}
          />
        )}
      </div>
      <Axis buckets={buckets} widthSeconds={widthSeconds} isNarrow={isNarrow} endsNow={endsNow} />
    </div>
  );
}

/** The bars in words. */
function describe(buckets: readonly Bucket[], widthSeconds: number, zone: Zone): string {
  const first = buckets[0];
  const last = buckets.at(-1);
  if (!first || !last) return "";
  const { count, failed } = sumOf(buckets);
  const top = buckets.reduce((highest, bucket) => (bucket.count > highest.count ? bucket : highest), first);
  return t("{range}: {counted}, in steps of {width}. The most, {most}, in {when}.", {
    range: formatRange(first.start, last.start + widthSeconds, zone),
    counted: countText(count, failed),
    width: formatWidth(widthSeconds),
    most: top.count,
    when: formatRange(top.start, top.start + widthSeconds, zone),
  });
}
