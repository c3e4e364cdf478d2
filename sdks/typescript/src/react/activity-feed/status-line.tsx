import type { LinkState } from "./link-state.js";
import { useWords } from "./words.js";

interface StatusLineProps {
  state: LinkState;
  pendingCount: number;
  isPaused: boolean;
  onPause: (isPaused: boolean) => void;
  onShowNewer: () => void;
}

/** How the stream and the rows are, and what the reader can do about it. It is no live region: see `Spoken`. */
export function StatusLine({ state, pendingCount, isPaused, onPause, onShowNewer }: StatusLineProps) {
  const { labels } = useWords();
  return (
    <div className="livetrail-status">
      <span className="livetrail-badge" data-state={state.tone} title={state.hint}>
        {state.text}
      </span>
      {pendingCount > 0 && (
        <button type="button" className="livetrail-newer" onClick={onShowNewer}>
          {labels.showNewer(pendingCount)}
        </button>
      )}
      <button type="button" className="livetrail-button" onClick={() => onPause(!isPaused)}>
        {isPaused ? labels.resume : labels.pause}
      </button>
    </div>
  );
}

/** The one polite region of the feed. */
export function Spoken({ text }: { text: string }) {
  return (
    <p role="status" className="livetrail-visually-hidden">
      {text}
    </p>
  );
}
