import { X } from "lucide-react";
import { SenderText } from "../ui/sender-text";
import { visibleText } from "../ui/visible-text";
import { describeTerms } from "./terms";
import type { Filter } from "./view";

interface Chip {
  key: keyof Filter;
  text: string;
}

const NAMED = {
  user_id: "User",
  ip: "IP",
  session_id: "Session",
  category: "Category",
  endpoint: "Endpoint",
  resource_id: "Resource",
  resource_type: "Resource type",
  target_user_id: "Target user",
  request_id: "Request",
  trace_id: "Trace",
  tenant_id: "Tenant",
  delegate_id: "Delegate",
  via: "Via",
  method: "Method",
  status: "Status",
} as const;

/** Filters that have no control of their own in the bar: they come from an activity's detail or from a link. */
export function chipsOf(filter: Filter): Chip[] {
  const chips: Chip[] = [];
  for (const [key, name] of Object.entries(NAMED) as [keyof typeof NAMED, string][]) {
    const value = filter[key];
    if (value) chips.push({ key, text: `${name}: ${describeTerms(value)}` });
  }
  if (filter.is_admin !== null)
    chips.push({ key: "is_admin", text: filter.is_admin ? "Admins only" : "Without admins" });
  if (filter.anonymous !== null) {
    chips.push({ key: "anonymous", text: filter.anonymous ? "Anonymous only" : "Without anonymous" });
  }
  if (filter.delegated !== null) {
    chips.push({ key: "delegated", text: filter.delegated ? "Delegated only" : "Without delegates" });
  }
  return chips;
}

export function FilterChips({
  filter,
  onChange,
}: {
  filter: Filter;
  onChange: (change: Partial<Filter>) => void;
}) {
  return chipsOf(filter).map((chip) => (
    <span
      key={chip.key}
      className="inline-flex h-7 max-w-full items-center gap-1 rounded-md border border-accent/40 bg-accent-soft pr-1 pl-2.5 text-xs text-accent"
    >
      <span className="truncate" title={visibleText(chip.text)}>
        <SenderText text={chip.text} />
      </span>
      <button
        type="button"
        aria-label={`Remove filter ${visibleText(chip.text)}`}
        onClick={() => onChange({ [chip.key]: null })}
        className="inline-flex size-5 shrink-0 items-center justify-center rounded hover:bg-accent/15"
      >
        <X aria-hidden className="size-3" />
      </button>
    </span>
  ));
}
