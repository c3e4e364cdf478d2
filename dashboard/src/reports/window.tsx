/** How far back a report looks, and what changes it. */
import { parseAsStringLiteral, useQueryStates } from "nuqs";
import { DateField } from "../filters/date-field";
import { parseAsMoment } from "../filters/parsers";
import { WINDOW_SECONDS, WINDOWS, type Window } from "../filters/windows";
import { type Text, t } from "../texts/texts";
import { translated } from "../texts/translated";
import { nowSeconds } from "../ui/clock";
import { Segments } from "../ui/segments";

/** A window that ends now. A number is the moment at which it begins, in epoch seconds. */
export type ReportWindow = Window | number;

const CHOICES = [
  { value: "1h", label: "1 h" },
  { value: "24h", label: "24 h" },
  { value: "7d", label: "7 days" },
  { value: "30d", label: "30 days" },
  { value: "since", label: "Since…" },
] as const satisfies readonly { value: Window | "since"; label: Text }[];

/** Of these one is in the address at a time. Where a link has both, the moment decides. */
const parsers = { window: parseAsStringLiteral(WINDOWS), date_from: parseAsMoment };

/** The window of a report. It stands in the address. */
export function useWindow(initial: Window): [ReportWindow, (window: ReportWindow) => void] {
  const [said, say] = useQueryStates(parsers, { history: "push" });
  const choose = (next: ReportWindow) => {
    if (typeof next === "number") void say({ window: null, date_from: next });
    else void say({ window: next === initial ? null : next, date_from: null });
  };
  return [said.date_from ?? said.window ?? initial, choose];
}

/** When a window begins, in epoch seconds. */
export const windowStart = (window: ReportWindow): number =>
  typeof window === "number" ? window : Math.floor(nowSeconds()) - WINDOW_SECONDS[window];

/** As the API takes it, which counts back from now and takes no dates. */
export const windowText = (window: ReportWindow): string =>
  typeof window === "number" ? `${Math.max(1, Math.ceil(nowSeconds() - window))}s` : window;

interface WindowChoiceProps {
  window: ReportWindow;
  onChange: (window: ReportWindow) => void;
}

export function WindowChoice({ window, onChange }: WindowChoiceProps) {
  const isSince = typeof window === "number";
  return (
    <>
      <Segments
        label={t("Window")}
        choices={translated(CHOICES)}
        value={isSince ? "since" : window}
        // A field shows minutes.
        onChange={(next) => onChange(next === "since" ? Math.floor(windowStart(window) / 60) * 60 : next)}
      />
      {isSince && (
        <DateField
          label={t("From")}
          value={window}
          onChange={(from) => {
            // A date is null while it is typed.
            if (from !== null) onChange(from);
          }}
        />
      )}
    </>
  );
}
