import { type ReactNode, useId } from "react";

interface TextFieldProps {
  label: string;
  hint?: ReactNode;
  value: string;
  onChange: (value: string) => void;
  placeholder?: string;
  required?: boolean;
  maxLength?: number;
  /** The dialog was opened to fill in this field. */
  isFirst?: boolean;
}

/** A line of text with its name above. */
export function TextField({ label, hint, value, onChange, isFirst = false, ...rest }: TextFieldProps) {
  const field = useId();
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={field} className="text-xs font-medium">
        {label}
      </label>
      <input
        id={field}
        // biome-ignore lint/a11y/noAutofocus: see above
        autoFocus={isFirst}
        value={value}
        autoComplete="off"
        aria-describedby={hint ? `${field}-hint` : undefined}
        onChange={(event) => onChange(event.target.value)}
        className="h-9 rounded-md border border-line-strong bg-surface px-2.5 placeholder:text-faint"
        {...rest}
      />
      {hint && (
        <span id={`${field}-hint`} className="text-2xs text-muted">
          {hint}
        </span>
      )}
    </div>
  );
}
