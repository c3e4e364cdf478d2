import { type Ref, useEffect, useImperativeHandle, useState } from "react";
import { t } from "../texts/texts";
import { formatCount } from "../ui/format";
import { SenderText } from "../ui/sender-text";
import type { Act, Option } from "./completion";
import { useCompletions } from "./use-completions";
import type { Filter } from "./view";

/** What the field passes on to the list: the focus stays in the field. */
export interface ListKeys {
  /** Whether the key was for the list. */
  take: (key: string) => boolean;
}

interface CompletionsProps {
  id: string;
  text: string;
  filter: Filter;
  me: string | null;
  keys: Ref<ListKeys>;
  /** The id of the option that the field is at. */
  onActive: (id: string | null) => void;
  onPick: (act: Act) => void;
}

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

/** The list beneath the bar, of what the text may become. */
export default function Completions({ id, text, filter, me, keys, onActive, onPick }: CompletionsProps) {
  const options = useCompletions(text, filter, me);
  // A text has a first answer; before anything is typed, nothing is chosen by itself.
  const first = text.trim() === "" ? -1 : 0;
  const [moved, setMoved] = useState({ text, index: first });
  const index = Math.min(moved.text === text ? moved.index : first, options.length - 1);
  const active = options[index] ?? null;
  const activeId = active && `${id}-${index}`;

  useEffect(() => {
    onActive(activeId);
    if (activeId) document.getElementById(activeId)?.scrollIntoView?.({ block: "nearest" });
  }, [activeId, onActive]);

  useImperativeHandle(keys, () => ({
    take: (key) => {
      const step = STEPS[key];
      if (step) {
        const last = options.length - 1;
        const next = index + step;
        setMoved({
          text,
          index: Math.abs(step) > 1 ? clamp(next, last) : next > last ? 0 : next < 0 ? last : next,
        });
        return true;
      }
      if (key !== "Enter" || !active) return false;
      onPick(active.act);
      return true;
    },
  }));

  return (
    <div
      id={id}
      role="listbox"
      aria-label={t("Filters to choose from")}
      className="max-h-80 overflow-y-auto p-1"
    >
      {options.map((option, at) => (
        <OptionRow
          key={option.key}
          id={`${id}-${at}`}
          option={option}
          active={at === index}
          onPick={() => onPick(option.act)}
        />
      ))}
      {options.length === 0 && (
        <p className="px-2 py-1.5 text-xs text-faint">{t("Nothing to choose from.")}</p>
      )}
    </div>
  );
}

const clamp = (index: number, last: number): number => Math.max(0, Math.min(last, index));

interface OptionRowProps {
  id: string;
  option: Option;
  active: boolean;
  onPick: () => void;
}

function OptionRow({ id, option, active, onPick }: OptionRowProps) {
  const { label, not, value, note, count } = option;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the option it is at
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field's keys choose it
    <div
      id={id}
      role="option"
      aria-selected={active}
      // The field keeps the focus.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onPick}
      className={`flex min-h-7 cursor-pointer items-baseline gap-2 rounded px-2 py-1 text-xs ${active ? "bg-accent-soft" : "hover:bg-hover"}`}
    >
      {label && <span className="shrink-0 text-muted">{label}</span>}
      {not && <span className="shrink-0 font-semibold text-bad">{t("not")}</span>}
      <span className="min-w-0 truncate font-medium">
        <SenderText text={value} />
      </span>
      {note && (
        <span className="min-w-0 truncate text-faint">
          <SenderText text={note} />
        </span>
      )}
      {count !== null && <span className="tabular ml-auto shrink-0 text-faint">{formatCount(count)}</span>}
    </div>
  );
}
