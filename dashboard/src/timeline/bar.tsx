import { memo } from "react";
import { useTimes } from "../times/times";
import { countText } from "./run-tip";
import { formatRange } from "./times";

interface BarProps {
  id: string;
  index: number;
  start: number;
  widthSeconds: number;
  count: number;
  failed: number;
  /** Where the scale of all ends. */
  most: number;
  /** Where the scale of the failures ends. */
  mostFailed: number;
  chosen: boolean;
  /** Where the keyboard is. */
  isCurrent: boolean;
}

/** All of them grow upwards; the failures hang below, on a scale of their own. Neither is ever too small to be seen. */
export const Bar = memo(function Bar(props: BarProps) {
  const { id, index, start, widthSeconds, count, failed, most, mostFailed, chosen, isCurrent } = props;
  const { zone } = useTimes();
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the list of bars has the focus and names the one it is at
    <div
      id={id}
      role="option"
      aria-selected={chosen}
      data-bar={index}
      aria-label={`${formatRange(start, start + widthSeconds, zone)}: ${countText(count, failed)}`}
      className={`group flex h-full min-w-0 flex-1 cursor-pointer flex-col items-center ${chosen ? "bg-accent/15" : "hover:bg-hover"} ${isCurrent ? "group-focus-visible/bars:bg-accent/15" : ""}`}
    >
      <span className="flex min-h-0 w-full flex-1 items-end justify-center">
        {count > 0 && (
          <span
            className="min-h-0.5 w-[calc(100%-1px)] max-w-10 rounded-t-[2px] bg-accent/60 group-hover:bg-accent"
            style={{ height: part(count, most) }}
          />
        )}
      </span>
      <span className="flex h-3 w-full shrink-0 items-start justify-center pt-px">
        {failed > 0 && (
          <span
            className="min-h-0.5 w-[calc(100%-1px)] max-w-10 rounded-b-[2px] bg-bad"
            style={{ height: part(failed, mostFailed) }}
          />
        )}
      </span>
    </div>
  );
});

const part = (value: number, most: number): string => `${(value / most) * 100}%`;
