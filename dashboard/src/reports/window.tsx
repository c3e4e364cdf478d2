import { parseAsStringLiteral, useQueryState } from "nuqs";
import { WINDOW_SECONDS, WINDOWS, type Window } from "../filters/windows";
import { type Text, t } from "../texts/texts";
import { translated } from "../texts/translated";
import { nowSeconds } from "../ui/clock";
import { Segments } from "../ui/segments";

const CHOICES = [
  { value: "1h", label: "1 h" },
  { value: "24h", label: "24 h" },
  { value: "7d", label: "7 days" },
  { value: "30d", label: "30 days" },
] as const satisfies readonly { value: Window; label: Text }[];

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
  <Segments label={t("Window")} choices={translated(CHOICES)} value={window} onChange={onChange} />
);
