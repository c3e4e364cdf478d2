import { ChevronDown } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";

interface PopoverProps {
  label: ReactNode;
  /** What the panel is called for assistive technology. */
  name: string;
  active?: boolean;
  children: (close: () => void) => ReactNode;
}

/** A button with a panel beneath it, closed by Escape, by a click elsewhere, or when focus leaves it. */
export function Popover({ label, name, active = false, children }: PopoverProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useId();

  useEffect(() => {
    if (!open) return;
    const onPointer = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", onPointer);
    return () => document.removeEventListener("pointerdown", onPointer);
  }, [open]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape and leaving focus concern the group as a whole
    <div
      ref={root}
      className="md:relative"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        close();
      }}
      onBlur={(event) => {
        if (event.relatedTarget && !event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      }}
    >
      <button
        ref={button}
        type="button"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-controls={open ? panel : undefined}
        onClick={() => setOpen(!open)}
        className={`inline-flex h-8 w-full items-center justify-between gap-1.5 rounded-md border px-2.5 text-xs font-medium whitespace-nowrap transition-colors hover:bg-hover ${active ? "border-accent bg-accent-soft text-accent" : "border-line-strong bg-surface text-ink"}`}
      >
        <span className="flex min-w-0 items-center gap-1.5 truncate">{label}</span>
        <ChevronDown aria-hidden className="size-3.5 shrink-0 opacity-60" />
      </button>
      {open && (
        <div
          id={panel}
          role="dialog"
          aria-label={name}
          className="floating animate-rise absolute z-40 mt-1 w-72 max-md:inset-x-0 max-md:w-auto md:left-0 rounded-lg border border-line-strong bg-raised"
        >
          {children(close)}
        </div>
      )}
    </div>
  );
}
