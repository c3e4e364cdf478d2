/** What the log can be filtered by, each with its name in the bar: every filter of the API, and the two dates as one. */

import type { Facets } from "../api/types";
import { type Text, t } from "../texts/texts";
import type { Filter } from "./view";

/** Values in the grammar of `terms.ts`. */
export type TermsKey =
  | "action_filter"
  | "user_id"
  | "read_by"
  | "ip"
  | "status"
  | "category"
  | "endpoint"
  | "method"
  | "resource_type"
  | "resource_id"
  | "target_user_id"
  | "session_id"
  | "request_id"
  | "trace_id"
  | "delegate_id"
  | "via"
  | "tenant_id";
export type FlagKey = "is_admin" | "anonymous" | "delegated";
/** Taken whole: a comma has no meaning in it. */
export type TextKey = "q" | "text" | "user_search";
export type FieldKey = TermsKey | FlagKey | TextKey | "success_filter" | "time";

type FacetKey = { [Key in keyof Facets]: Facets[Key] extends unknown[] ? Key : never }[keyof Facets];

interface Named {
  name: Text;
  /** What may be typed, where the name does not say it. */
  hint?: Text;
}

export type Field = Named &
  (
    | { kind: "terms"; key: TermsKey; facet?: FacetKey }
    | { kind: "flag"; key: FlagKey; yes: Text; no: Text }
    | { kind: "text"; key: TextKey }
    | { kind: "result"; key: "success_filter" }
    | { kind: "time"; key: "time" }
  );

export const FIELDS: readonly Field[] = [
  { kind: "time", key: "time", name: "time" },
  { kind: "result", key: "success_filter", name: "result" },
  { kind: "terms", key: "action_filter", name: "action", facet: "action_type" },
  { kind: "terms", key: "user_id", name: "user", facet: "user" },
  { kind: "terms", key: "read_by", name: "read by", facet: "user", hint: "who has read the log" },
  { kind: "terms", key: "ip", name: "ip", hint: "an address or a network, such as 192.0.2.0/24" },
  { kind: "terms", key: "status", name: "status", facet: "status", hint: "such as 404 or 5xx" },
  { kind: "terms", key: "category", name: "category", facet: "category" },
  { kind: "terms", key: "endpoint", name: "endpoint", facet: "endpoint" },
  { kind: "terms", key: "method", name: "method", facet: "method" },
  { kind: "terms", key: "resource_type", name: "resource type", facet: "resource_type" },
  { kind: "terms", key: "resource_id", name: "resource" },
  { kind: "terms", key: "target_user_id", name: "target user" },
  { kind: "terms", key: "session_id", name: "session" },
  { kind: "terms", key: "request_id", name: "request" },
  { kind: "terms", key: "trace_id", name: "trace" },
  { kind: "terms", key: "delegate_id", name: "delegate", facet: "delegate_id" },
  { kind: "terms", key: "via", name: "via", facet: "via" },
  { kind: "terms", key: "tenant_id", name: "tenant" },
  { kind: "flag", key: "is_admin", name: "admins", yes: "admins only", no: "not admins" },
  { kind: "flag", key: "anonymous", name: "anonymous", yes: "anonymous only", no: "not anonymous" },
  { kind: "flag", key: "delegated", name: "delegated", yes: "delegated only", no: "not delegated" },
  {
    kind: "text",
    key: "user_search",
    name: "who",
    hint: "a part of the user's name, e-mail address or id",
  },
  { kind: "text", key: "q", name: "search", hint: "a part of a name, an action, an address or an id" },
  { kind: "text", key: "text", name: "text", hint: "words of error messages and details" },
];

const BY_KEY = new Map<string, Field>(FIELDS.map((field) => [field.key, field]));

export function fieldOf(key: FieldKey): Field {
  const field = BY_KEY.get(key);
  if (!field) throw new Error(`no filter is called ${key}`);
  return field;
}

/** What a field is called in the bar: in the language of the page, which may be new to a reader, and in English. */
export const namesOf = ({ name }: Field): readonly string[] => [t(name).toLowerCase(), name];

/** By a name that the bar knows, or the one that the API has. */
export function fieldNamed(typed: string): Field | null {
  const name = typed.trim().toLowerCase();
  return FIELDS.find((field) => namesOf(field).includes(name)) ?? BY_KEY.get(name) ?? null;
}

/** The fields that the server takes. A link may name another one: its answer then says why not. */
export const fieldsOffered = (textSearch: boolean): readonly Field[] =>
  textSearch ? FIELDS : FIELDS.filter(({ key }) => key !== "text");

/** What a filter of this kind has in the view, as terms. */
export function termsIn(filter: Filter, key: TermsKey): string {
  const value = filter[key];
  return Array.isArray(value) ? value.join(",") : (value ?? "");
}
