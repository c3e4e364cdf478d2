import type { KeyboardEvent, ReactNode, Ref } from "react";
import type { StoredActivity } from "../../activity.js";
import { Row } from "./row.js";
import type { HoldHandlers } from "./use-hold.js";
import { useWords } from "./words.js";

interface RowsProps {
  activities: readonly StoredActivity[];
  openId: string | null;
  onToggle: (id: string) => void;
  details: (activity: StoredActivity) => ReactNode;
  hold: HoldHandlers;
  list: Ref<HTMLUListElement>;
}

/** The list. Each row is a stop of the Tab key, and the arrows lead from one to the next. */
export function Rows({ activities, openId, onToggle, details, hold, list }: RowsProps) {
  const { labels } = useWords();
  return (
    <ul
      ref={list}
      // biome-ignore lint/a11y/noRedundantRoles: Safari reads no list without bullets, unless the role says so
      role="list"
      tabIndex={-1}
      aria-label={labels.feed}
      className="livetrail-rows"
      onKeyDown={moveFocus}
      {...hold}
    >
      {activities.map((activity) => (
        <Row
          key={activity.id}
          activity={activity}
          isOpen={activity.id === openId}
          onToggle={onToggle}
          details={details}
        />
      ))}
    </ul>
  );
}

const OPENS = "[data-livetrail-opens]";

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (!(event.target as Element).matches(OPENS)) return;
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>(OPENS)];
  const at = buttons.indexOf(event.target as HTMLElement);
  const places: Record<string, number> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: buttons.length - 1,
  };
  const place = places[event.key];
  if (place === undefined) return;
  event.preventDefault();
  buttons[place]?.focus();
}
