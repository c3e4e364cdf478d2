import { useClock } from "./clock";
import { formatAgo, formatExactTime } from "./format";

/** How long ago, ticking; the exact time in a tooltip and for machines. */
export function TimeAgo({ seconds, className = "" }: { seconds: number; className?: string }) {
  const text = useClock((now) => formatAgo(seconds, now));
  return (
    <time
      dateTime={new Date(seconds * 1_000).toISOString()}
      title={formatExactTime(seconds)}
      className={className}
    >
      {text}
    </time>
  );
}
