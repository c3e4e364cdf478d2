import { type LucideIcon, X } from "lucide-react";
import { useDebounced } from "../ui/use-debounced";

interface TextFilterProps {
  id?: string;
  label: string;
  placeholder: string;
  icon: LucideIcon;
  value: string;
  shortcut?: string;
  onChange: (text: string) => void;
  className?: string;
}

export function TextFilter({
  id,
  label,
  placeholder,
  icon: Icon,
  value,
  shortcut,
  onChange,
  className = "",
}: TextFilterProps) {
  const [text, setText] = useDebounced(value, onChange);
  return (
    <div
      className={`flex h-8 items-center gap-2 rounded-md border bg-surface px-2.5 focus-within:outline-2 focus-within:outline-accent ${value ? "border-accent" : "border-line-strong"} ${className}`}
    >
      <Icon aria-hidden className="size-3.5 shrink-0 text-faint" />
      <input
        id={id}
        type="text"
        inputMode="search"
        aria-label={label}
        placeholder={placeholder}
        value={text}
        onChange={(event) => setText(event.target.value)}
        spellCheck={false}
        autoComplete="off"
        className="min-w-0 flex-1 truncate bg-transparent text-xs outline-none placeholder:text-faint"
      />
      {text ? (
        <button
          type="button"
          aria-label={`Clear ${label.toLowerCase()}`}
          onClick={() => setText("")}
          className="text-faint hover:text-ink"
        >
          <X aria-hidden className="size-3.5" />
        </button>
      ) : (
        shortcut && (
          <kbd className="hidden rounded border border-line px-1 font-sans text-2xs text-faint md:block">
            {shortcut}
          </kbd>
        )
      )}
    </div>
  );
}
