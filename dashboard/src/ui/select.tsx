interface SelectProps<Value extends string> {
  label: string;
  value: Value;
  choices: readonly { value: Value; text: string }[];
  onChange: (value: Value) => void;
  /** Its place, and the width that its place gives it. */
  className?: string;
}

export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, value, choices, onChange, className = "" } = props;
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value as Value)}
      className={`h-8 min-w-0 rounded-md border border-line-strong bg-surface px-2 text-xs text-ink ${className}`}
    >
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.text}
        </option>
      ))}
    </select>
  );
}
