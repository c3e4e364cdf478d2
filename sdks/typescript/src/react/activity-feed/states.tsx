/** What stands in place of the rows. */
import { statusOfError } from "./error-words.js";
import { SenderText } from "./sender-text.js";
import { useWords } from "./words.js";

const SKELETON_ROWS = [0, 1, 2, 3, 4, 5];

export function Loading() {
  const { labels } = useWords();
  return (
    <div className="livetrail-loading">
      <p className="livetrail-visually-hidden">{labels.loading}</p>
      {SKELETON_ROWS.map((row) => (
        <div key={row} aria-hidden className="livetrail-skeleton" />
      ))}
    </div>
  );
}

export function Empty({ onClear }: { onClear: (() => void) | null }) {
  const { labels } = useWords();
  return (
    <div className="livetrail-state">
      <p className="livetrail-state-title">{onClear ? labels.noMatch : labels.empty}</p>
      <p>{onClear ? labels.noMatchHint : labels.emptyHint}</p>
      {onClear && (
        <button type="button" className="livetrail-button" onClick={onClear}>
          {labels.clearFilters}
        </button>
      )}
    </div>
  );
}

interface TroubleProps {
  error: Error;
  onRetry: () => void;
  onClear: (() => void) | null;
  /** A line above rows that are there, instead of a page. */
  isLine?: boolean;
}

/** What is wrong, and the next step. */
export function Trouble({ error, onRetry, onClear, isLine = false }: TroubleProps) {
  const { labels } = useWords();
  const { title, hint } = labels.error(error);
  const isAboutFilters = statusOfError(error) === 422 || statusOfError(error) === 400;
  return (
    <div role="alert" className={isLine ? "livetrail-notice" : "livetrail-state"}>
      <p className="livetrail-state-title">{title}</p>
      <p>
        <SenderText text={hint} lines />
      </p>
      <button type="button" className="livetrail-button" onClick={onRetry}>
        {labels.retry}
      </button>
      {isAboutFilters && onClear && (
        <button type="button" className="livetrail-button" onClick={onClear}>
          {labels.clearFilters}
        </button>
      )}
    </div>
  );
}
