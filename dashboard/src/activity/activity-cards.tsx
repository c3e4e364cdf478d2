import { targetOf } from "@livetrail/sdk/display/sentence";
import { memo } from "react";
import BreakLine from "../live/break-line";
import { t } from "../texts/texts";
import { useTimes } from "../times/times";
import { isSameDay } from "../times/zone";
import { SenderText } from "../ui/sender-text";
import { ActionMark, ClockTime, Duration, ErrorText, StatusCode } from "./cells";
import type { Entry } from "./folds";
import { InlineChange } from "./inline-change";
import type { RowListProps } from "./row-list";
import { Others, SignInsText, valuesOf } from "./run-summary";
import { SentenceText } from "./sentence-text";
import { useFolds } from "./use-folds";
import { FoldButton, type OnFold } from "./what-happened";

/** The rows on a narrow screen. */
export default function ActivityCards({ rows, fresh, breaks, openId, dimmed, onOpen }: RowListProps) {
  const { entries, onFold, handlers } = useFolds(rows, openId);
  return (
    <ul
      aria-label={t("Activities")}
      aria-busy={dimmed}
      className={`divide-y divide-line ${dimmed ? "opacity-50" : ""}`}
      {...handlers}
    >
      {breaks.map((gap) => (
        <li key={gap.at} className="bg-warn-soft px-2 py-1">
          <BreakLine gap={gap} />
        </li>
      ))}
      {entries.map((entry) => (
        <ActivityCard
          key={entry.activity.id}
          entry={entry}
          fresh={fresh.has(entry.activity.id)}
          open={entry.activity.id === openId}
          onOpen={onOpen}
          onFold={onFold}
        />
      ))}
    </ul>
  );
}

interface ActivityCardProps {
  entry: Entry;
  fresh: boolean;
  open: boolean;
  onOpen: (id: string) => void;
  onFold: OnFold;
}

const ActivityCard = memo(function ActivityCard({ entry, fresh, open, onOpen, onFold }: ActivityCardProps) {
  const { activity, run, isHead } = entry;
  const folded = isHead && run && !run.isOpen ? run : null;
  return (
    <li
      data-activity={activity.id}
      className={`flex items-start ${fresh ? "animate-arrive" : ""} ${open ? "bg-accent-soft" : ""} ${activity.success ? "" : "shadow-[inset_2px_0_0_var(--bad)]"} ${run && !isHead ? "pl-5" : ""}`}
    >
      <button
        type="button"
        data-opens
        aria-haspopup="dialog"
        onClick={() => onOpen(activity.id)}
        className="flex min-w-0 flex-1 items-start gap-2.5 py-2 pr-3 pl-3.5 text-left active:bg-hover"
      >
        <span className="pt-[3px]">
          <ActionMark activity={activity} />
        </span>
        <span className="flex min-w-0 flex-1 flex-col gap-0.5">
          <span className="line-clamp-2 wrap-anywhere text-ink">
            {folded?.isSignIns ? <SignInsText run={folded} /> : <SentenceText activity={activity} />}{" "}
            {folded && !folded.isSignIns && <Others values={valuesOf(folded.rows, targetOf)} />}
          </span>
          {activity.changes && <InlineChange changes={activity.changes} />}
          {activity.error_message && <ErrorText text={activity.error_message} />}
          <Facts entry={entry} />
        </span>
      </button>
      {run && isHead && (
        <span className="p-2 pl-0">
          <FoldButton run={run} onFold={onFold} />
        </span>
      )}
    </li>
  );
});

function Facts({ entry: { activity } }: { entry: Entry }) {
  const { ip_address, duration_ms, success, timestamp } = activity;
  const { zone } = useTimes();
  return (
    <span className="flex min-w-0 items-center gap-2 text-xs text-faint">
      <ClockTime activity={activity} dated={!isSameDay(zone, timestamp * 1_000, Date.now())} />
      {ip_address && (
        <span className="truncate font-mono">
          <SenderText text={ip_address} />
        </span>
      )}
      <StatusCode activity={activity} />
      {duration_ms !== null && (
        <span className="ml-auto shrink-0">
          <Duration ms={duration_ms} share={null} failed={!success} />
        </span>
      )}
    </span>
  );
}
