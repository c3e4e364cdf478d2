import type { Filter } from "./view";

const CHOICES = [
  { value: null, label: "All" },
  { value: "success", label: "Success" },
  { value: "failure", label: "Failed" },
] as const;

interface ResultFilterProps {
  value: Filter["success_filter"];
  onChange: (change: Partial<Filter>) => void;
}

export function ResultFilter({ value, onChange }: ResultFilterProps) {
  return (
    <fieldset aria-label="Result" className="flex h-8 rounded-md border border-line-strong bg-surface p-0.5">
      {CHOICES.map((choice) => (
        <button
          key={choice.label}
          type="button"
          aria-pressed={value === choice.value}
          onClick={() => onChange({ success_filter: choice.value })}
          className={`flex-1 rounded px-2.5 text-xs font-medium transition-colors ${value === choice.value ? (choice.value === "failure" ? "bg-bad-soft text-bad" : choice.value === "success" ? "bg-good-soft text-good" : "bg-hover text-ink") : "text-muted hover:text-ink"}`}
        >
          {choice.label}
        </button>
      ))}
    </fieldset>
  );
}
