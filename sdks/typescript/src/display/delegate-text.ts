import type { StoredActivity } from "../activity.js";

type Delegated = Pick<StoredActivity, "delegate_id" | "delegate_type">;

/** The words of the server's sentences (`catalogue/template.rs`) for each kind of party. */
const WORDS = { user: "represented by", agent: "through agent", service: "through service" } as const;

/** The party that acted in the user's name, in words; null where the user acted. A sentence of the catalogue has it. */
export function delegateText({ delegate_id, delegate_type }: Delegated): string | null {
  if (!delegate_id) return null;
  return `${delegate_type ? WORDS[delegate_type] : "through"} ${delegate_id}`;
}
