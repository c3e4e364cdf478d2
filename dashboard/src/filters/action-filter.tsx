import { ListFilter } from "lucide-react";
import { lazy, Suspense } from "react";
import { Popover } from "../ui/popover";
import { SenderText } from "../ui/sender-text";
import type { Filter } from "./view";

const ActionOptions = lazy(() => import("./action-options"));

interface ActionFilterProps {
  filter: Filter;
  onChange: (change: Partial<Filter>) => void;
}

export function ActionFilter({ filter, onChange }: ActionFilterProps) {
  const chosen = filter.action_filter;
  return (
    <Popover
      name="Actions"
      active={chosen.length > 0}
      label={
        <>
          <ListFilter aria-hidden className="size-3.5 shrink-0" />
          {chosen.length === 0 ? (
            "All actions"
          ) : chosen[0] && chosen.length === 1 ? (
            <SenderText text={chosen[0]} />
          ) : (
            `${chosen.length} actions`
          )}
        </>
      }
    >
      {() => (
        <Suspense fallback={<p className="p-4 text-xs text-faint">Loading…</p>}>
          <ActionOptions filter={filter} onChange={(action_filter) => onChange({ action_filter })} />
        </Suspense>
      )}
    </Popover>
  );
}
