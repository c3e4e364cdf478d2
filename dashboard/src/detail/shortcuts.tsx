import { ListFilter } from "lucide-react";
import type { Activity } from "../api/types";
import type { Filter } from "../filters/view";
import { Button } from "../ui/button";

/** The filters that one activity suggests. */
export function shortcutsFor(activity: Activity): { label: string; filter: Partial<Filter> }[] {
  return [
    { label: "This user", filter: { user_id: activity.user_id } },
    { label: "This action", filter: { action_filter: [activity.action_type] } },
    ...(activity.ip_address ? [{ label: "This IP", filter: { ip: activity.ip_address } }] : []),
    ...(activity.session_id ? [{ label: "This session", filter: { session_id: activity.session_id } }] : []),
  ];
}

export function Shortcuts({
  activity,
  onFilter,
}: {
  activity: Activity;
  onFilter: (filter: Partial<Filter>) => void;
}) {
  return (
    <fieldset aria-label="Show only" className="flex flex-wrap items-center gap-1.5">
      {shortcutsFor(activity).map(({ label, filter }) => (
        <Button key={label} size="small" onClick={() => onFilter(filter)}>
          <ListFilter aria-hidden className="size-3 text-faint" />
          {label}
        </Button>
      ))}
    </fieldset>
  );
}
