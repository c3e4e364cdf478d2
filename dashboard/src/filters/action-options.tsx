import { Search } from "lucide-react";
import { useState } from "react";
import { ActivityIcon } from "../activity/activity-icon";
import { Button } from "../ui/button";
import { formatCount } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import { type ActionOption, groupActions } from "./group-actions";
import { useCatalogue } from "./use-catalogue";
import { useFacets } from "./use-facets";
import type { Filter } from "./view";

interface ActionOptionsProps {
  filter: Filter;
  onChange: (chosen: string[]) => void;
}

/**
 * The catalogue's actions by category, with what occurs or is chosen but the catalogue does not know. Each says how many
 * there are of it among what all other filters match.
 */
export default function ActionOptions({ filter, onChange }: ActionOptionsProps) {
  const chosen = filter.action_filter;
  const [text, setText] = useState("");
  const { data: catalogue, error, refetch } = useCatalogue();
  // Without counts one can choose all the same, so that they cannot be had is no trouble.
  const { data: facets } = useFacets({ ...filter, action_filter: [] });
  const toggle = (key: string) =>
    onChange(chosen.includes(key) ? chosen.filter((other) => other !== key) : [...chosen, key]);

  if (error) {
    return (
      <div role="alert" className="flex flex-col items-start gap-2 p-3 text-xs text-muted">
        <SenderText text={error.message} lines />
        <Button onClick={() => void refetch()}>Try again</Button>
      </div>
    );
  }
  const groups = catalogue
    ? groupActions(catalogue, { text, chosen, counted: facets?.action_type ?? null })
    : [];
  return (
    <div className="flex max-h-96 flex-col">
      <div className="flex items-center gap-2 border-b border-line px-3">
        <Search aria-hidden className="size-3.5 shrink-0 text-faint" />
        <input
          // biome-ignore lint/a11y/noAutofocus: the panel was just opened to find an action
          autoFocus
          value={text}
          onChange={(event) => setText(event.target.value)}
          placeholder="Find an action"
          aria-label="Find an action"
          className="h-9 min-w-0 flex-1 bg-transparent text-xs outline-none placeholder:text-faint"
        />
        {chosen.length > 0 && (
          <button type="button" onClick={() => onChange([])} className="text-xs text-accent hover:underline">
            Clear
          </button>
        )}
      </div>
      <div className="overflow-y-auto p-1.5">
        {!catalogue && <p className="p-2 text-xs text-faint">Loading…</p>}
        {catalogue && groups.length === 0 && (
          <p className="p-2 text-xs text-faint">No action is called that.</p>
        )}
        {groups.map((group) => (
          <fieldset key={group.title} className="pb-1.5">
            <legend className="px-2 py-1 text-2xs font-medium text-faint">{group.title}</legend>
            {group.actions.map((action) => (
              <Option
                key={action.key}
                action={action}
                checked={chosen.includes(action.key)}
                onToggle={toggle}
              />
            ))}
          </fieldset>
        ))}
      </div>
    </div>
  );
}

interface OptionProps {
  action: ActionOption;
  checked: boolean;
  onToggle: (key: string) => void;
}

function Option({ action, checked, onToggle }: OptionProps) {
  return (
    <label className="flex items-center gap-2 rounded-md px-2 py-1.5 text-xs hover:bg-hover has-focus-visible:bg-hover">
      <input
        type="checkbox"
        checked={checked}
        onChange={() => onToggle(action.key)}
        className="size-3.5 accent-accent-solid"
      />
      <ActivityIcon name={action.icon} className="size-3.5 shrink-0 text-faint" />
      <span className={`truncate ${action.count === 0 ? "text-faint" : ""}`}>
        <SenderText text={action.title} />
      </span>
      {action.count !== null && (
        <span className="tabular ml-auto pl-2 text-2xs text-faint">{formatCount(action.count)}</span>
      )}
    </label>
  );
}
