import { type ReactNode, useId } from "react";

interface CheckLineProps {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

/** A box to tick, with its words. */
export function CheckLine({ label, hint, checked, disabled = false, onChange }: CheckLineProps) {
  const field = useId();
  return (
    <div className={`flex items-start gap-2 ${disabled ? "opacity-50" : ""}`}>
      <input
        id={field}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
        aria-describedby={hint ? `${field}-hint` : undefined}
        className="mt-0.5 size-4 shrink-0 accent-accent-solid"
      />
      <span className="flex min-w-0 flex-col">
        <label htmlFor={field} className="text-xs/5 font-medium">
          {label}
        </label>
        {hint && (
          <span id={`${field}-hint`} className="text-2xs text-muted">
            {hint}
          </span>
        )}
      </span>
    </div>
  );
}
