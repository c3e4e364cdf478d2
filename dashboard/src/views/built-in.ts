import type { Text } from "../texts/texts";

/** A view of the log by name: a query of the page. */
export interface NamedView {
  name: string;
  query: string;
}

/** The views that every log has. Their time is relative: `window` counts back from now. */
export const BUILT_IN: readonly { name: Text; query: string }[] = [
  { name: "Failed sign-ins", query: "action_filter=user_login,login&success_filter=failure&window=24h" },
  { name: "Admin actions", query: "is_admin=true&resource_type=!livetrail&window=7d" },
  { name: "Errors", query: "status=5xx&window=24h" },
  { name: "Refused", query: "status=401,403&window=24h" },
  { name: "Slow requests", query: "sort_by=duration_ms&sort_order=desc&window=24h" },
];
