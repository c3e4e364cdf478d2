import { ArrowUp } from "lucide-react";
import { formatNumber } from "../ui/format";

/** "12 new · 3 failed": what arrived while the reader was busy; a click brings it in. */
export function NewPill({ count, failed, onClick }: { count: number; failed: number; onClick: () => void }) {
  if (count === 0) return null;
  return (
    <div className="pointer-events-none sticky top-(--header-height) z-30 flex h-0 justify-center">
      <button
        type="button"
        onClick={onClick}
        className="floating animate-rise pointer-events-auto mt-2 inline-flex h-8 items-center gap-2 rounded-full bg-accent-solid px-3.5 text-xs font-medium text-white hover:brightness-110"
      >
        <ArrowUp aria-hidden className="size-3.5" />
        <span className="tabular">{formatNumber(count)} new</span>
        {failed > 0 && (
          <span className="tabular border-l border-white/30 pl-2">{formatNumber(failed)} failed</span>
        )}
      </button>
    </div>
  );
}
