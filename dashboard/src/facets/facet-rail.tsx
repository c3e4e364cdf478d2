import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { hasToken, type Token, withoutToken, withToken } from "../filters/tokens";
import type { Filter } from "../filters/view";
import { t } from "../texts/texts";
import type { FacetEntry, FacetGroup } from "./facet-groups";
import { FacetRow } from "./facet-row";
import { useFoldedGroups } from "./use-folded-groups";
import { useRail } from "./use-rail";

const FIRST = 5;

interface FacetRailProps {
  filter: Filter;
  onChange: (change: Partial<Filter>) => void;
  /** The newest activity on the page: with another one, it counts again. */
  newest: string | null;
}

/** What occurs in what the filter matches, and how often. A lens over the filter: it keeps no choice of its own. */
export default function FacetRail({ filter, onChange, newest }: FacetRailProps) {
  const groups = useRail(filter, newest);
  const [folded, toggle] = useFoldedGroups();
  return (
    <div className="flex flex-col gap-2 p-2 text-xs">
      {groups.map((group) => (
        <Group
          key={group.key}
          group={group}
          filter={filter}
          isFolded={folded.has(group.key)}
          onFold={() => toggle(group.key)}
          onChange={onChange}
        />
      ))}
      {groups.length === 0 && <p className="p-1 text-faint">{t("Nothing to count yet.")}</p>}
    </div>
  );
}

interface GroupProps {
  group: FacetGroup;
  filter: Filter;
  isFolded: boolean;
  onFold: () => void;
  onChange: (change: Partial<Filter>) => void;
}

function Group({ group, filter, isFolded, onFold, onChange }: GroupProps) {
  const [all, setAll] = useState(false);
  const { entries } = group;
  const title = t(group.title);
  const isChosen = (entry: FacetEntry) => hasToken(filter, entry.token) || hasToken(filter, not(entry.token));
  const shown = all ? entries : entries.filter((entry, index) => index < FIRST || isChosen(entry));
  const hidden = entries.length - shown.length;
  const most = Math.max(...entries.map(({ count }) => count));
  const set = (token: Token) =>
    onChange(hasToken(filter, token) ? withoutToken(filter, token) : withToken(filter, token));
  return (
    <section aria-label={title}>
      <h3>
        <button
          type="button"
          aria-expanded={!isFolded}
          onClick={onFold}
          className="group flex h-6 w-full items-center gap-1 rounded px-1 text-2xs font-medium text-faint hover:text-ink"
        >
          {title}
          <ChevronDown
            aria-hidden
            className={`size-3 transition-transform ${isFolded ? "-rotate-90" : ""}`}
          />
        </button>
      </h3>
      {!isFolded && (
        <ul>
          {shown.map((entry) => (
            <FacetRow
              key={entry.key}
              entry={entry}
              share={entry.count / most}
              state={stateOf(filter, entry.token)}
              onInclude={() => set(entry.token)}
              onExclude={() => set(not(entry.token))}
            />
          ))}
          {(hidden > 0 || all) && entries.length > FIRST && (
            <li>
              <button
                type="button"
                onClick={() => setAll(!all)}
                className="h-6 rounded px-1.5 text-faint hover:text-ink"
              >
                {all ? t("Fewer") : t("{count} more", { count: hidden })}
              </button>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

/** The opposite of a token. A result has none of its own: the opposite of success is a failure. */
function not(token: Token): Token {
  if (token.field === "success_filter") {
    return { ...token, values: [token.values[0] === "success" ? "failure" : "success"] };
  }
  return { ...token, not: true };
}

/** Of the two results one is taken: that says all, so the other is not marked as left out. */
function stateOf(filter: Filter, token: Token): "only" | "not" | null {
  if (hasToken(filter, token)) return "only";
  return token.field !== "success_filter" && hasToken(filter, not(token)) ? "not" : null;
}
