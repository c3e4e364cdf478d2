import { useClock } from "../ui/clock";
import { formatAgo } from "./ago";
import { useTimes } from "./times";

interface MomentProps {
  /** Epoch seconds. */
  seconds: number;
  /** With its date, where there is room: for the time that a line is about. */
  full?: boolean;
  className?: string;
}

/** A time as the reader has chosen to read times; exactly in a tooltip, and for machines. */
export function Moment({ seconds, full = false, className = "" }: MomentProps) {
  const times = useTimes();
  const text = useClock((now) => {
    if (times.isRelative) return formatAgo(seconds, now);
    return full ? times.dateTime(seconds) : times.brief(seconds, now);
  });
  return (
    <time
      dateTime={new Date(seconds * 1_000).toISOString()}
      title={times.exact(seconds)}
      className={`tabular ${className}`}
    >
      {text}
    </time>
  );
}

/** How long ago, as it grows. */
export const Ago = ({ seconds }: { seconds: number }): string => useClock((now) => formatAgo(seconds, now));

/** The other way to say it, where there is room for both: how long ago, or when where that is said already. */
export function OtherMoment({ seconds, className = "" }: MomentProps) {
  const times = useTimes();
  const text = useClock((now) => (times.isRelative ? times.dateTime(seconds) : formatAgo(seconds, now)));
  return <span className={`tabular ${className}`}>{text}</span>;
}
