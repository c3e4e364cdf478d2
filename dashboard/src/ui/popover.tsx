import { ChevronDown } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef, useState } from "react";

interface PopoverProps {
  label: ReactNode;
  /** What the panel is called for assistive technology. */
  name: string;
  active?: boolean;
  /** The edge of the button that the panel keeps to, where it is not as wide as the screen. */
  align?: "left" | "right";
  /** `icon`: the button is no more than its label. */
  look?: "field" | "icon";
  /** Why it cannot be opened now. It can be reached all the same, so that its reason is read to all users. */
  unavailable?: string | null;
  children: (close: () => void) => ReactNode;
}

const FIELD = "h-8 w-full justify-between gap-1.5 border px-2.5";
const ICON = "size-6 justify-center";
const TONES = { field: "border-line-strong bg-surface text-ink", icon: "text-faint hover:text-ink" } as const;

/** A button with a panel beneath it, closed by Escape, by a click elsewhere, or when focus leaves it. */
export function Popover(props: PopoverProps) {
  const { label, name, active = false, align = "left", look = "field", unavailable = null, children } = props;
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useId();
  const shown = open && unavailable === null;

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
        aria-expanded={shown}
        aria-controls={shown ? panel : undefined}
        aria-disabled={unavailable !== null || undefined}
        title={unavailable ?? undefined}
        onClick={() => setOpen(unavailable === null && !open)}
        className={`inline-flex items-center rounded-md text-xs font-medium whitespace-nowrap transition-colors ${unavailable === null ? "hover:bg-hover" : "cursor-not-allowed! opacity-50"} ${look === "icon" ? ICON : FIELD} ${active ? "border-accent bg-accent-soft text-accent" : TONES[look]}`}
      >
        <span className="flex min-w-0 items-center gap-1.5 truncate">{label}</span>
        {look === "field" && <ChevronDown aria-hidden className="size-3.5 shrink-0 opacity-60" />}
      </button>
      {shown && (
        <div
          id={panel}
          role="dialog"
          aria-label={name}
          className={`floating animate-rise absolute z-40 mt-1 w-72 max-md:inset-x-0 max-md:w-auto ${align === "left" ? "md:left-0" : "md:right-0"} rounded-lg border border-line-strong bg-raised`}
        >
          {children(close)}
        </div>
      )}
    </div>
  );
}
