/** How far back a report looks, and what changes it. */
import { parseAsStringLiteral, useQueryStates } from "nuqs";
import { DateField } from "../filters/date-field";
import { parseAsMoment } from "../filters/parsers";
import { WINDOW_SECONDS, WINDOWS, type Window } from "../filters/windows";
import { type Text, t } from "../texts/texts";
import { translated } from "../texts/translated";
import { nowSeconds } from "../ui/clock";
import { Segments } from "../ui/segments";

/** A time that begins at a moment and ends at another, in epoch seconds; without the other it goes on. */
export interface Between {
  from: number;
  to: number | null;
}

/** A window that ends now, or a time that was chosen. */
export type ReportWindow = Window | Between;

const CHOICES = [
  { value: "1h", label: "1 h" },
  { value: "24h", label: "24 h" },
  { value: "7d", label: "7 days" },
  { value: "30d", label: "30 days" },
  { value: "between", label: "Dates…" },
] as const satisfies readonly { value: Window | "between"; label: Text }[];

/** Where a link has a window and a moment, the moment decides. */
const parsers = {
  window: parseAsStringLiteral(WINDOWS),
  date_from: parseAsMoment,
  date_to: parseAsMoment,
};

/** The window of a report. It stands in the address. */
export function useWindow(initial: Window): [ReportWindow, (window: ReportWindow) => void] {
  const [said, say] = useQueryStates(parsers, { history: "push" });
  const choose = (next: ReportWindow) => {
    if (typeof next === "string")
      void say({ window: next === initial ? null : next, date_from: null, date_to: null });
    else void say({ window: null, date_from: next.from, date_to: next.to });
  };
  const window = said.window ?? initial;
  if (said.date_from !== null) return [{ from: said.date_from, to: said.date_to }, choose];
  if (said.date_to === null) return [window, choose];
  return [{ from: said.date_to - WINDOW_SECONDS[window], to: said.date_to }, choose];
}

/** Dates as filters have them. */
export type Dates = Record<string, string>;

/** The dates of a window that is seen now. */
export const datesOf = (window: ReportWindow): Dates =>
  typeof window === "string"
    ? { date_from: String(Math.floor(nowSeconds()) - WINDOW_SECONDS[window]) }
    : { date_from: String(window.from), ...(window.to !== null && { date_to: String(window.to) }) };

interface WindowChoiceProps {
  window: ReportWindow;
  onChange: (window: ReportWindow) => void;
}

export function WindowChoice({ window, onChange }: WindowChoiceProps) {
  const between = typeof window === "string" ? null : window;
  return (
    <>
      <Segments
        label={t("Window")}
        choices={translated(CHOICES)}
        value={typeof window === "string" ? window : "between"}
        // A field shows minutes.
        onChange={(next) => {
          if (next !== "between") onChange(next);
          else if (!between)
            onChange({ from: Math.floor(Number(datesOf(window).date_from) / 60) * 60, to: null });
        }}
      />
      {between && (
        <>
          <DateField
            label={t("From")}
            value={between.from}
            onChange={(from) => {
              // A date is null while it is typed.
              if (from !== null) onChange({ ...between, from });
            }}
          />
          <DateField label={t("To")} value={between.to} onChange={(to) => onChange({ ...between, to })} />
        </>
      )}
    </>
  );
}
