import type { StoredActivity } from "../../activity.js";
import { isObject } from "../../display/diff-values.js";
import { plainValue } from "../../display/plain-value.js";
import { visibleText } from "../../display/visible-text.js";
import { SenderText } from "./sender-text.js";
import { useWords } from "./words.js";

export type Changes = NonNullable<StoredActivity["changes"]>;

/** The first change within the row, and how many more there are. */
export function ChangeSummary({ changes }: { changes: Changes }) {
  const { labels } = useWords();
  const all = Object.entries(changes);
  const [first] = all;
  if (!first) return null;
  const [field, change] = first;
  const title = all.map(([name, each]) => `${name}: ${sidesOf(each).join(" → ")}`).join("\n");
  return (
    <span className="livetrail-change" title={visibleText(title, true)}>
      <SenderText text={field} />{" "}
      {sidesOf(change).map((side, index, sides) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: before and after never change
        <Side key={index} text={side} isAfter={index === sides.length - 1} />
      ))}
      {all.length > 1 && (
        <span className="livetrail-more-changes"> {labels.moreChanges(all.length - 1)}</span>
      )}
    </span>
  );
}

function Side({ text, isAfter }: { text: string; isAfter: boolean }) {
  if (isAfter) {
    return (
      <ins>
        <SenderText text={text} lines />
      </ins>
    );
  }
  return (
    <>
      <del>
        <SenderText text={text} lines />
      </del>
      {" → "}
    </>
  );
}

/** A field that names a secret has a text instead of its values. Rows of an adopted table may have anything. */
export const hasSides = (change: unknown): change is { from: unknown; to: unknown } => isObject(change);

/** Before and after; what was null is not shown. */
function sidesOf(change: Changes[string]): string[] {
  if (!hasSides(change)) return [plainValue(change)];
  const { from, to } = change;
  return from === null || from === undefined ? [plainValue(to)] : [plainValue(from), plainValue(to)];
}
