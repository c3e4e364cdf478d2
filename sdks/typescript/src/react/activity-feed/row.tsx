import { type KeyboardEvent, memo, type ReactNode, useId, useRef } from "react";
import type { StoredActivity } from "../../activity.js";
import { visibleText } from "../../display/visible-text.js";
import { ChangeSummary } from "./change-summary.js";
import { SenderText } from "./sender-text.js";
import { SentenceText } from "./sentence-text.js";
import { useWords } from "./words.js";

interface RowProps {
  activity: StoredActivity;
  isOpen: boolean;
  /** Opens the row, or closes it. */
  onToggle: (id: string) => void;
  /** What stands below it while it is open. */
  details: (activity: StoredActivity) => ReactNode;
}

/** An activity never changes, so a row is drawn anew only when it opens or closes, or the texts change. */
export const Row = memo(function Row({ activity, isOpen, onToggle, details }: RowProps) {
  const { labels } = useWords();
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const toggle = () => onToggle(activity.id);
  const onEscape = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !isOpen) return;
    event.stopPropagation();
    toggle();
    button.current?.focus();
  };
  return (
    <li
      className="livetrail-item"
      data-activity={activity.id}
      data-result={activity.success ? "success" : "failure"}
      onKeyDown={onEscape}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button in it is what keys and screen readers use */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: as above */}
      <div
        className="livetrail-row"
        onClick={({ detail }) => {
          // A text that is being selected opens nothing. A click by a key selects no text.
          if (detail === 0 || window.getSelection()?.isCollapsed !== false) toggle();
        }}
      >
        <Time iso={activity.occurred_at} />
        <span className="livetrail-what">
          <button
            ref={button}
            type="button"
            className="livetrail-sentence"
            title={visibleText(labels.sentence(activity))}
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            data-livetrail-opens
          >
            <SentenceText activity={activity} />
          </button>
          <Outcome activity={activity} />
        </span>
        <span className="livetrail-address">
          {activity.ip_address && <SenderText text={activity.ip_address} />}
        </span>
        <span className="livetrail-duration">
          {activity.duration_ms !== null && labels.duration(activity.duration_ms)}
        </span>
      </div>
      {isOpen && (
        <section id={id} className="livetrail-details" aria-label={visibleText(labels.sentence(activity))}>
          {details(activity)}
        </section>
      )}
    </li>
  );
});

function Time({ iso }: { iso: string }) {
  const { rowTime, exactTime } = useWords();
  return (
    <time className="livetrail-time" dateTime={iso} title={exactTime(iso)}>
      {rowTime(iso)}
    </time>
  );
}

/** What it changed, and how it failed. */
function Outcome({
  activity: { success, status_code, error_message, changes },
}: {
  activity: StoredActivity;
}) {
  const { labels } = useWords();
  return (
    <>
      {!success && (
        <span className="livetrail-failed">
          {labels.failed}
          {status_code !== null && ` ${status_code}`}
        </span>
      )}
      {error_message && (
        <span className="livetrail-error" title={visibleText(error_message, true)}>
          <SenderText text={error_message} lines />
        </span>
      )}
      {changes && <ChangeSummary changes={changes} />}
    </>
  );
}
