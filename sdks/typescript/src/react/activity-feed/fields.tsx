/** The controls that the bar is made of. */
import { type ReactNode, useId } from "react";

interface FieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

/** The longest text that the log searches for. */
const MAX_LENGTH = 255;

export function TextField({ label, value, onChange }: FieldProps) {
  return (
    <input
      type="search"
      className="livetrail-field"
      aria-label={label}
      placeholder={label}
      maxLength={MAX_LENGTH}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

export function SelectField({ label, value, onChange, children }: FieldProps & { children: ReactNode }) {
  return (
    <select
      className="livetrail-field"
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      {children}
    </select>
  );
}

interface MomentFieldProps {
  label: string;
  value: number | null;
  onChange: (value: number | null) => void;
}

export function MomentField({ label, value, onChange }: MomentFieldProps) {
  const id = useId();
  return (
    <span className="livetrail-moment">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="datetime-local"
        className="livetrail-field"
        value={value === null ? "" : localText(value)}
        onChange={({ target }) => onChange(target.value === "" ? null : Date.parse(target.value) / 1_000)}
      />
    </span>
  );
}

/** A moment by the clock of this time zone, as the control wants it. */
function localText(seconds: number): string {
  const offset = new Date(seconds * 1_000).getTimezoneOffset() * 60;
  return new Date((seconds - offset) * 1_000).toISOString().slice(0, 16);
}
