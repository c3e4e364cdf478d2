import { parseAsStringLiteral, useQueryState } from "nuqs";
import { WINDOW_SECONDS, WINDOWS, type Window } from "../filters/windows";
import { nowSeconds } from "../ui/clock";
import { type Segment, Segments } from "../ui/segments";

const CHOICES: readonly Segment<Window>[] = [
  { value: "1h", label: "1 h" },
  { value: "24h", label: "24 h" },
  { value: "7d", label: "7 days" },
  { value: "30d", label: "30 days" },
];

const parser = parseAsStringLiteral(WINDOWS).withOptions({ history: "push" });

/** How far back a report looks, and what changes it. It stands in the address. */
export function useWindow(initial: Window): [Window, (window: Window) => void] {
  const [said, say] = useQueryState("window", parser);
  return [said ?? initial, (next) => void say(next === initial ? null : next)];
}

/** When a window that ends now begins, in epoch seconds. */
export const windowStart = (window: Window): number => Math.floor(nowSeconds()) - WINDOW_SECONDS[window];

interface WindowChoiceProps {
  window: Window;
  onChange: (window: Window) => void;
}

export const WindowChoice = ({ window, onChange }: WindowChoiceProps) => (
  <Segments label="Window" choices={CHOICES} value={window} onChange={onChange} />
);
