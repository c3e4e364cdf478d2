import type { Activity } from "../api/types";
import { Ago } from "../times/moment";
import { useTimes } from "../times/times";
import { LOCAL, UTC, type Zone } from "../times/zone";

const PRECISE = {
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
} as const;

/** When it happened: first as the reader has chosen to read times, then in the other ways. */
export function When({ activity }: { activity: Activity }) {
  const { style, isRelative } = useTimes();
  const zones = LOCAL.name === UTC.name ? [UTC] : style === "utc" ? [UTC, LOCAL] : [LOCAL, UTC];
  const [first, ...others] = [
    ...(isRelative ? [<Ago key="ago" seconds={activity.timestamp} />] : []),
    ...zones.map((zone) => <Precisely key={zone.name} at={activity.occurred_at} zone={zone} />),
    ...(isRelative ? [] : [<Ago key="ago" seconds={activity.timestamp} />]),
  ];
  return (
    <p className="tabular flex flex-wrap gap-x-3 text-xs text-faint">
      <span className="text-muted">{first}</span>
      {others}
    </p>
  );
}

const Precisely = ({ at, zone }: { at: string; zone: Zone }) => (
  <time dateTime={at}>
    {zone.format(PRECISE).format(new Date(at))} <span className="text-faint">{zone.name}</span>
  </time>
);
