import { delegateText } from "@livetrail/sdk/display/delegate-text";
import { targetOf } from "@livetrail/sdk/display/sentence";
import type { Activity } from "../api/types";
import { delegateOf, sentenceOf } from "../texts/actions";
import { plural, t } from "../texts/texts";
import { formatNumber } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import { ActionMark, ErrorText } from "./cells";
import type { Entry, Run } from "./folds";
import { InlineChange } from "./inline-change";
import { activitiesOf, Others, SignInsText, valuesOf } from "./run-summary";
import { SentenceText } from "./sentence-text";

export type OnFold = (run: Run, isOpen: boolean) => void;

/** One line: who did what, what it changed, and what went wrong. */
export function WhatHappened({ entry, onFold }: { entry: Entry; onFold: OnFold }) {
  const { activity, run, isHead } = entry;
  const { changes } = activity;
  const folded = isHead && run && !run.isOpen ? run : null;
  const errors = valuesOf(activitiesOf(entry), (each) => each.error_message);
  const extra = errors.length > 0 || changes !== null;
  return (
    <span className={`flex min-w-0 items-center gap-2 ${run && !isHead ? "pl-5" : ""}`}>
      <ActionMark activity={activity} />
      {run && isHead && <FoldButton run={run} onFold={onFold} />}
      {/* The click bubbles to the row, which opens the activity. */}
      <button
        type="button"
        data-opens
        aria-haspopup="dialog"
        title={folded?.isSignIns ? undefined : visibleText(sentenceOf(activity))}
        className={`truncate text-left text-ink ${extra ? "max-w-3/4 shrink-0" : "min-w-0"}`}
      >
        {folded?.isSignIns ? <SignInsText run={folded} /> : <SentenceText activity={activity} />}
      </button>
      {folded && !folded.isSignIns && <Others values={valuesOf(folded.rows, targetOf)} />}
      <Means activity={activity} />
      {changes && <InlineChange changes={changes} />}
      {errors[0] !== undefined && <ErrorText text={errors[0]} />}
      <Others values={errors} />
    </span>
  );
}

/** Whatever acted in the user's name, and the way by which it came. Sentences name the former, unless the user is not in them. */
function Means({ activity }: { activity: Activity }) {
  const delegate = delegateText(activity);
  const isNamed = delegate !== null && activity.description.includes(visibleText(delegate));
  const via = activity.via && t("via {way}", { way: activity.via });
  const text = [isNamed ? null : delegateOf(activity), via].filter(Boolean).join(" ");
  if (!text) return null;
  return (
    <span className="max-w-40 shrink-0 truncate text-xs text-faint">
      <SenderText text={text} />
    </span>
  );
}

/** A pill as high as a finger or a shaky hand needs, and drawn smaller. */
export function FoldButton({ run, onFold }: { run: Run; onFold: OnFold }) {
  const count = formatNumber(run.rows.length);
  return (
    <button
      type="button"
      aria-expanded={run.isOpen}
      aria-label={plural(run.rows.length, "{count} time", "{count} times")}
      title={run.isOpen ? t("Fold (←)") : t("Show each (→)")}
      onClick={(event) => {
        event.stopPropagation();
        onFold(run, !run.isOpen);
      }}
      className="group/fold inline-flex h-6 min-w-6 shrink-0 items-center"
    >
      <span className="tabular rounded-full border border-line-strong bg-hover px-1.5 text-2xs font-semibold text-ink group-hover/fold:border-faint">
        ×{count}
      </span>
    </button>
  );
}
