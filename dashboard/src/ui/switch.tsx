interface SwitchProps {
  /** What is switched. */
  label: string;
  on: boolean;
  disabled?: boolean;
  onChange: (on: boolean) => void;
}

export function Switch({ label, on, disabled = false, onChange }: SwitchProps) {
  return (
    <button
      type="button"
      role="switch"
      aria-checked={on}
      aria-label={label}
      disabled={disabled}
      onClick={() => onChange(!on)}
      className="inline-flex h-6 w-8 shrink-0 items-center justify-center rounded disabled:opacity-40"
    >
      <span
        className={`flex h-4 w-7 items-center rounded-full p-0.5 transition-colors ${on ? "bg-accent-solid" : "bg-faint"}`}
      >
        <span className={`size-3 rounded-full bg-white transition-transform ${on ? "translate-x-3" : ""}`} />
      </span>
    </button>
  );
}
