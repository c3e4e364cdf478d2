import type { ReactNode } from "react";

const PRESSED = {
  neutral: "bg-hover text-ink",
  good: "bg-good-soft text-good",
  bad: "bg-bad-soft text-bad",
} as const;

export interface Segment<Value> {
  value: Value;
  label: ReactNode;
  /** How it looks when it is chosen. */
  tone?: keyof typeof PRESSED;
}

interface SegmentsProps<Value> {
  label: string;
  choices: readonly Segment<Value>[];
  value: Value;
  onChange: (value: Value) => void;
  /** Its place, and the width that its place gives it. */
  className?: string;
}

/** A few choices side by side, of which one is taken. Where they do not fit, they stand one below the other. */
export function Segments<Value extends string | null>(props: SegmentsProps<Value>) {
  const { label, choices, value: chosen, onChange, className = "" } = props;
  return (
    <fieldset
      aria-label={label}
      className={`flex min-h-8 min-w-0 flex-wrap rounded-md border border-line-strong bg-surface p-0.5 ${className}`}
    >
      {choices.map(({ value, label: text, tone = "neutral" }) => (
        <button
          key={String(value)}
          type="button"
          aria-pressed={value === chosen}
          onClick={() => onChange(value)}
          className={`h-6.5 flex-1 rounded px-2.5 text-xs font-medium whitespace-nowrap transition-colors ${value === chosen ? PRESSED[tone] : "text-muted hover:text-ink"}`}
        >
          {text}
        </button>
      ))}
    </fieldset>
  );
}
