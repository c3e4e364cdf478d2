import { memo } from "react";
import { countText } from "./run-tip";
import { formatRange } from "./times";

interface BarProps {
  index: number;
  start: number;
  widthSeconds: number;
  count: number;
  failed: number;
  /** Where the scale ends. */
  most: number;
  chosen: boolean;
  tabIndex: 0 | -1;
}

/** The failed part stands on the ground, where parts can be compared; neither is ever too small to be seen. */
export const Bar = memo(function Bar({
  index,
  start,
  widthSeconds,
  count,
  failed,
  most,
  chosen,
  tabIndex,
}: BarProps) {
  return (
    <button
      type="button"
      data-bar={index}
      tabIndex={tabIndex}
      aria-label={`${formatRange(start, start + widthSeconds)}: ${countText(count, failed)}`}
      className={`group flex h-full min-w-0 flex-1 items-end justify-center ${chosen ? "bg-accent/15" : "hover:bg-hover"}`}
    >
      {count > 0 && (
        <span
          className="flex min-h-[3px] w-[calc(100%-2px)] max-w-10 flex-col overflow-hidden rounded-t-[2px]"
          style={{ height: `${(count / most) * 100}%` }}
        >
          {failed < count && <span className="min-h-px flex-1 bg-accent/65 group-hover:bg-accent" />}
          {failed > 0 && (
            <span className="min-h-px shrink-0 bg-bad" style={{ height: `${(failed / count) * 100}%` }} />
          )}
        </span>
      )}
    </button>
  );
});
