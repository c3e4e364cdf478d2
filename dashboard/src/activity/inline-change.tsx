import { plainValue } from "@livetrail/sdk/display/plain-value";
import type { Activity } from "../api/types";
import { t } from "../texts/texts";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";

/** The first change within the row, and how many more there are. */
export function InlineChange({ changes }: { changes: NonNullable<Activity["changes"]> }) {
  const all = Object.entries(changes);
  const [first] = all;
  if (!first) return null;
  const [field, { from, to }] = first;
  const title = all.map(([name, change]) => `${name}: ${plainValue(change.from)} → ${plainValue(change.to)}`);
  return (
    <span
      title={visibleText(title.join("\n"), true)}
      className="flex min-w-0 items-baseline gap-1.5 font-mono text-xs whitespace-nowrap"
    >
      <span className="max-w-40 shrink-0 truncate text-muted">
        <SenderText text={field} />
      </span>
      {from !== null && (
        <del className="max-w-40 min-w-4 truncate text-bad line-through">
          <SenderText text={plainValue(from)} lines />
        </del>
      )}
      <span aria-hidden className="text-faint">
        →
      </span>
      <ins className="max-w-40 min-w-4 truncate text-good no-underline">
        <SenderText text={plainValue(to)} lines />
      </ins>
      {all.length > 1 && (
        <span className="shrink-0 rounded bg-accent-soft px-1 text-2xs text-accent">
          +{all.length - 1}
          <span className="sr-only"> {t("more")}</span>
        </span>
      )}
    </span>
  );
}
