import { ChevronRight } from "lucide-react";

interface FoldButtonProps {
  label: string;
  open: boolean;
  /** The id of what it unfolds. */
  below: string;
  onClick: () => void;
}

export const FoldButton = ({ label, open, below, onClick }: FoldButtonProps) => (
  <button
    type="button"
    aria-expanded={open}
    aria-controls={open ? below : undefined}
    aria-label={label}
    onClick={onClick}
    className="flex size-6 shrink-0 items-center justify-center rounded text-faint hover:text-ink"
  >
    <ChevronRight aria-hidden className={`size-4 transition-transform ${open ? "rotate-90" : ""}`} />
  </button>
);
