import type { Bucket } from "../api/types";
import { formatNumber } from "../ui/format";
import { useWide } from "../ui/use-media";
import { ticksBetween } from "./times";

/** The scale to the left: its end and, where that is a whole number, its middle. */
export function Scale({ most }: { most: number }) {
  return (
    <div
      aria-hidden
      className="tabular relative h-16 w-8 shrink-0 text-right text-2xs leading-none text-faint md:h-20"
    >
      <span className="absolute top-0 right-0 -translate-y-1/2">{scaleText(most)}</span>
      {most % 2 === 0 && (
        <span className="absolute top-1/2 right-0 -translate-y-1/2">{scaleText(most / 2)}</span>
      )}
    </div>
  );
}

const compact = new Intl.NumberFormat("en", { notation: "compact" });
const scaleText = (value: number) => (value < 10_000 ? formatNumber(value) : compact.format(value));

interface AxisProps {
  buckets: readonly Bucket[];
  widthSeconds: number;
  /** It has the width of a drawer, on a wide screen too. */
  isNarrow: boolean;
}

/** The times beneath the bars, in the local time zone. */
export function Axis({ buckets, widthSeconds, isNarrow }: AxisProps) {
  const wide = useWide() && !isNarrow;
  const from = buckets[0]?.start ?? 0;
  const span = buckets.length * widthSeconds;
  return (
    <div aria-hidden className="tabular relative h-6 text-2xs text-faint">
      {ticksBetween(from, from + span, wide ? 10 : 4).map(({ at, label }) => {
        const place = (at - from) / span;
        return (
          <span key={at} className="absolute top-0" style={{ left: `${place * 100}%` }}>
            <span className="absolute top-0 h-1 border-l border-line-strong" />
            <span className={`absolute top-1 whitespace-nowrap ${sideOf(place)}`}>{label}</span>
          </span>
        );
      })}
    </div>
  );
}

/** Centred beneath its mark, unless it would stick out. */
const sideOf = (place: number): string =>
  place < 0.04 ? "left-0" : place > 0.96 ? "right-0" : "-translate-x-1/2";
