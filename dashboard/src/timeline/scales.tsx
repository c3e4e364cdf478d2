import type { Bucket } from "../api/types";
import { t } from "../texts/texts";
import { useTimes } from "../times/times";
import { useWide } from "../ui/use-media";
import { ticksBetween } from "./times";

interface AxisProps {
  buckets: readonly Bucket[];
  widthSeconds: number;
  /** It has the width of a drawer, on a wide screen too. */
  isNarrow: boolean;
  endsNow: boolean;
}

/** The times beneath the bars, in the zone of the reader, which is named at the right end. */
export function Axis({ buckets, widthSeconds, isNarrow, endsNow }: AxisProps) {
  const wide = useWide() && !isNarrow;
  const { zone } = useTimes();
  const from = buckets[0]?.start ?? 0;
  const span = buckets.length * widthSeconds;
  // What would touch the name of the zone is left out.
  const end = wide ? 0.82 : 0.5;
  return (
    <div aria-hidden className="tabular relative h-4 overflow-hidden text-2xs leading-4 text-faint">
      {ticksBetween(from, from + span, wide ? 10 : 4, zone)
        .map(({ at, label }) => ({ at, label, place: (at - from) / span }))
        .filter(({ place }) => place < end)
        .map(({ at, label, place }) => (
          <span key={at} className="absolute top-0" style={{ left: `${place * 100}%` }}>
            <span
              className={`absolute top-0 whitespace-nowrap ${place < 0.04 ? "left-0" : "-translate-x-1/2"}`}
            >
              {label}
            </span>
          </span>
        ))}
      <span className="absolute top-0 right-0 bg-canvas pl-2">
        {endsNow ? `${t("now")} · ${zone.name}` : zone.name}
      </span>
    </div>
  );
}
