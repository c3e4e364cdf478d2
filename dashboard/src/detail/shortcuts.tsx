import { ListFilter } from "lucide-react";
import type { Activity } from "../api/types";
import { literally } from "../filters/terms";
import type { Filter } from "../filters/view";
import { t } from "../texts/texts";
import { Button } from "../ui/button";

/** The filters that one activity suggests. */
export function shortcutsFor(activity: Activity): { label: string; filter: Partial<Filter> }[] {
  const { user_id, action_type, ip_address: ip, session_id, delegate_id } = activity;
  return [
    { label: t("This user"), filter: { user_id: literally(user_id) } },
    { label: t("This action"), filter: { action_filter: [action_type] } },
    ...(ip ? [{ label: t("This IP"), filter: { ip: literally(ip) } }] : []),
    ...(session_id ? [{ label: t("This session"), filter: { session_id: literally(session_id) } }] : []),
    ...(delegate_id ? [{ label: t("This delegate"), filter: { delegate_id: literally(delegate_id) } }] : []),
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
    <fieldset aria-label={t("Show only")} className="flex flex-wrap items-center gap-1.5">
      {shortcutsFor(activity).map(({ label, filter }) => (
        <Button key={label} size="small" onClick={() => onFilter(filter)}>
          <ListFilter aria-hidden className="size-3 text-faint" />
          {label}
        </Button>
      ))}
    </fieldset>
  );
}
