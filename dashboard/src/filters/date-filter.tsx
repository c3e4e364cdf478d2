import { CalendarDays } from "lucide-react";
import { useId } from "react";
import { Button } from "../ui/button";
import { formatShortDate } from "../ui/format";
import { Popover } from "../ui/popover";
import { fromLocalInput, matchingRange, QUICK_RANGES, rangeUntilNow, toLocalInput } from "./ranges";
import type { Filter } from "./view";

interface DateFilterProps {
  filter: Filter;
  onChange: (change: Partial<Filter>) => void;
}

const now = () => Date.now() / 1_000;

export function DateFilter({ filter, onChange }: DateFilterProps) {
  const { date_from, date_to } = filter;
  const active = date_from !== null || date_to !== null;
  const quick = matchingRange(filter, now());
  return (
    <Popover
      name="Date range"
      active={active}
      label={
        <>
          <CalendarDays aria-hidden className="size-3.5 shrink-0" />
          <span className="truncate">{describe(filter)}</span>
        </>
      }
    >
      {(close) => (
        <div className="flex flex-col gap-3 p-3">
          <div className="flex flex-col gap-0.5">
            {QUICK_RANGES.map((range) => (
              <button
                key={range.label}
                type="button"
                aria-pressed={quick === range}
                onClick={() => {
                  onChange(rangeUntilNow(range, now()));
                  close();
                }}
                className="rounded-md px-2 py-1.5 text-left text-xs hover:bg-hover aria-pressed:bg-accent-soft aria-pressed:text-accent"
              >
                {range.label}
              </button>
            ))}
          </div>
          <div className="flex flex-col gap-2 border-t border-line pt-3">
            <DateField label="From" value={date_from} onChange={(value) => onChange({ date_from: value })} />
            <DateField label="To" value={date_to} onChange={(value) => onChange({ date_to: value })} />
          </div>
          {active && (
            <Button
              look="quiet"
              onClick={() => {
                onChange({ date_from: null, date_to: null });
                close();
              }}
            >
              Any time
            </Button>
          )}
        </div>
      )}
    </Popover>
  );
}

interface DateFieldProps {
  label: string;
  value: number | null;
  onChange: (value: number | null) => void;
}

function DateField({ label, value, onChange }: DateFieldProps) {
  const id = useId();
  return (
    <div className="flex items-center gap-2">
      <label htmlFor={id} className="w-10 text-xs text-muted">
        {label}
      </label>
      <input
        id={id}
        type="datetime-local"
        value={toLocalInput(value)}
        onChange={(event) => onChange(fromLocalInput(event.target.value))}
        className="h-8 min-w-0 flex-1 rounded-md border border-line-strong bg-surface px-2 text-xs"
      />
    </div>
  );
}

function describe(filter: Filter): string {
  const quick = matchingRange(filter, now());
  if (quick) return quick.label;
  const { date_from: from, date_to: to } = filter;
  if (from !== null && to !== null) return `${formatShortDate(from)} – ${formatShortDate(to)}`;
  if (from !== null) return `Since ${formatShortDate(from)}`;
  return to === null ? "Any time" : `Until ${formatShortDate(to)}`;
}
