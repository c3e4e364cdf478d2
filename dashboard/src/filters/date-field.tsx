import { useId } from "react";
import { useTimes } from "../times/times";
import { fromDateField, toDateField } from "./ranges";

interface DateFieldProps {
  label: string;
  /** Epoch seconds. */
  value: number | null;
  onChange: (value: number | null) => void;
}

/** A moment to the minute, in the zone in which times are read. */
export function DateField({ label, value, onChange }: DateFieldProps) {
  const id = useId();
  const { zone } = useTimes();
  return (
    <span className="flex items-center gap-2">
      <label htmlFor={id} className="text-xs text-muted">
        {label}
      </label>
      <input
        id={id}
        type="datetime-local"
        value={toDateField(zone, value)}
        onChange={(event) => onChange(fromDateField(zone, event.target.value))}
        className="h-8 min-w-0 rounded-md border border-line-strong bg-surface px-2 text-xs"
      />
    </span>
  );
}
