import { Minus } from "lucide-react";
import { t } from "../texts/texts";
import { formatCount } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import type { FacetEntry } from "./facet-groups";

interface FacetRowProps {
  entry: FacetEntry;
  /** Its part of the most frequent one, for the bar. */
  share: number;
  state: "only" | "not" | null;
  onInclude: () => void;
  onExclude: () => void;
}

/** A pointer finds the minus in the place of the count, so that titles have its room. Fingers find both. */
const OVER_COUNT =
  "text-faint md:absolute md:right-0 md:opacity-0 md:focus-visible:opacity-100 md:group-hover/facet:opacity-100";
const UNDER_MINUS =
  "md:group-hover/facet:opacity-0 md:group-has-[[data-minus]:focus-visible]/facet:opacity-0";

const TONES = { bad: "text-bad", warn: "text-warn" } as const;

/**
 * A value with its count. A long one takes more lines: titles in other languages than English are long. A click takes it,
 * Alt and a click or its minus leaves it out; once more undoes that.
 */
export function FacetRow({ entry, share, state, onInclude, onExclude }: FacetRowProps) {
  const { label, count, token, tone } = entry;
  const name = visibleText(label);
  const isOut = state === "not";
  const single = token.values.length === 1 && token.field !== "success_filter" ? token.values[0] : undefined;
  return (
    <li
      {...(single !== undefined && { "data-value-field": token.field, "data-value": single })}
      className="group/facet relative flex min-h-6 items-center"
    >
      <span
        aria-hidden
        style={{ width: `${Math.max(share * 100, 1)}%` }}
        className={`absolute inset-y-0.5 left-0 rounded ${state === "only" ? "bg-accent-soft" : "bg-hover"}`}
      />
      <button
        type="button"
        aria-pressed={state === "only"}
        title={`${name}\n${t("Alt and click leaves it out")}`}
        onClick={(event) => (event.altKey ? onExclude() : onInclude())}
        className="relative flex min-h-6 min-w-0 flex-1 items-center gap-2 rounded pr-1 pl-1.5 text-left hover:bg-hover"
      >
        <span
          className={`line-clamp-3 min-w-0 py-0.5 leading-tight flex-1 hyphens-auto wrap-anywhere ${state === "only" ? "font-semibold text-accent" : isOut ? "line-through text-faint" : tone ? TONES[tone] : "text-ink"}`}
        >
          {isOut && <span className="sr-only">{t("not")} </span>}
          <SenderText text={label} />
        </span>
        <span className={`tabular shrink-0 text-2xs text-faint ${isOut ? "" : UNDER_MINUS}`}>
          {formatCount(count)}
        </span>
      </button>
      <button
        type="button"
        data-minus
        aria-pressed={isOut}
        aria-label={t("Not {name}", { name })}
        title={t("Not {name}", { name })}
        onClick={onExclude}
        className={`relative inline-flex size-6 shrink-0 items-center justify-center rounded hover:bg-hover hover:text-ink ${isOut ? "text-bad" : OVER_COUNT}`}
      >
        <Minus aria-hidden className="size-3" />
      </button>
    </li>
  );
}
