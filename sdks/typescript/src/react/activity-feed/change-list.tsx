import { useState } from "react";
import { type Difference, diffValues, pathText } from "../../display/diff-values.js";
import { plainValue } from "../../display/plain-value.js";
import { type Changes, hasSides } from "./change-summary.js";
import { SenderText } from "./sender-text.js";
import { useWords } from "./words.js";

/** Drawn at once; the rest is one click away. */
const STEP = 50;

/** What was changed: a row for each field, or for each part of a field that has parts. */
export function ChangeList({ changes }: { changes: Changes }) {
  const { labels } = useWords();
  const [shown, setShown] = useState(STEP);
  const differences = differencesOf(changes);
  const rest = differences.length - shown;
  return (
    <>
      <dl className="livetrail-changes">
        {differences.slice(0, shown).map((difference) => (
          <div key={pathText(difference.path)}>
            <dt>
              <SenderText text={pathText(difference.path)} />
            </dt>
            <dd>
              <Sides difference={difference} />
            </dd>
          </div>
        ))}
      </dl>
      {rest > 0 && (
        <button type="button" className="livetrail-button" onClick={() => setShown(shown + STEP)}>
          {labels.showMore(Math.min(rest, STEP), rest)}
        </button>
      )}
    </>
  );
}

function Sides({ difference }: { difference: Difference }) {
  const [hasBefore, hasAfter] = ["from" in difference, "to" in difference];
  return (
    <>
      {hasBefore && (
        <del>
          <SenderText text={plainValue(difference.from)} lines />
        </del>
      )}
      {hasBefore && hasAfter && " → "}
      {hasAfter && (
        <ins>
          <SenderText text={plainValue(difference.to)} lines />
        </ins>
      )}
    </>
  );
}

function differencesOf(changes: Changes): Difference[] {
  return Object.entries(changes).flatMap(([field, change]): Difference[] => {
    if (!hasSides(change)) return [{ path: [field], to: change }];
    const { from, to } = change;
    const { found } = diffValues(from, to);
    // What is the same on both sides was logged as a change all the same.
    const parts = found.length > 0 ? found : [{ path: [], from, to }];
    return parts.map((part) => ({ ...part, path: [field, ...part.path] }));
  });
}
