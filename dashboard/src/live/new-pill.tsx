import { ArrowUp } from "lucide-react";
import { plural, t } from "../texts/texts";

interface NewPillProps {
  count: number;
  failed: number;
  /** Beside it is a drawer, whose place stays free. */
  aside: boolean;
  onClick: () => void;
}

/** "12 newer · 3 failed": what has arrived and waits; a click or the key brings it in. */
export function NewPill({ count, failed, aside, onClick }: NewPillProps) {
  if (count === 0) return null;
  return (
    <button
      type="button"
      aria-keyshortcuts="."
      onClick={onClick}
      className={`floating fixed bottom-4 z-30 inline-flex h-8 items-center gap-1.5 rounded-lg border border-line-strong bg-raised px-3 text-xs font-medium text-ink hover:bg-hover ${aside ? "right-4 max-lg:hidden lg:right-[calc(var(--pane)+1rem)]" : "right-4"}`}
    >
      <ArrowUp aria-hidden className="size-3.5" />
      <span className="tabular">{plural(count, "{count} newer", "{count} newer|many")}</span>
      {failed > 0 && (
        <span className="tabular text-bad">
          <span aria-hidden className="text-faint">
            ·{" "}
          </span>
          {t("{count} failed", { count: failed })}
        </span>
      )}
      <kbd
        aria-hidden
        className="rounded border border-line px-1.5 font-mono text-2xs text-muted max-sm:hidden"
      >
        .
      </kbd>
    </button>
  );
}
