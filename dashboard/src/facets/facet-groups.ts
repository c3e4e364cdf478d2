/** The groups of the rail: what each counts, and where from. */

import type { Catalogue, Facets, FacetValue, Stats } from "../api/types";
import type { FieldKey } from "../filters/fields";
import type { Token } from "../filters/tokens";
import { titleOf } from "../texts/actions";
import { type Text, t } from "../texts/texts";
import { inWords } from "../ui/format";

export interface FacetEntry {
  key: string;
  label: string;
  count: number;
  token: Token;
  tone?: "bad" | "warn";
}

export interface FacetGroup {
  key: string;
  title: Text;
  field: FieldKey;
  entries: readonly FacetEntry[];
}

type FacetKey = { [Key in keyof Facets]: Facets[Key] extends unknown[] ? Key : never }[keyof Facets];

/** In the order of the rail. Result, severity and class of status have shapes of their own. */
export const GROUPS = [
  { key: "result", title: "Result", field: "success_filter" },
  { key: "severity", title: "Severity", field: "action_filter" },
  { key: "action", title: "Action", field: "action_filter", facet: "action_type" },
  { key: "user", title: "User", field: "user_id", facet: "user" },
  { key: "status", title: "Status", field: "status" },
  { key: "category", title: "Category", field: "category", facet: "category" },
  { key: "endpoint", title: "Endpoint", field: "endpoint", facet: "endpoint" },
  { key: "resource_type", title: "Resource type", field: "resource_type", facet: "resource_type" },
  { key: "method", title: "Method", field: "method", facet: "method" },
  { key: "delegate", title: "Delegate", field: "delegate_id", facet: "delegate_id" },
  { key: "via", title: "Via", field: "via", facet: "via" },
] as const satisfies readonly { key: string; title: Text; field: FieldKey; facet?: FacetKey }[];

export type GroupKey = (typeof GROUPS)[number]["key"];

export interface Counted {
  facets: Facets;
  stats: Stats | null;
  catalogue: Catalogue | null;
}

export function entriesOf(group: (typeof GROUPS)[number], counted: Counted): FacetEntry[] {
  const { facets, stats } = counted;
  if (group.key === "result") return stats ? results(stats) : [];
  if (group.key === "severity") return severities(counted);
  if (group.key === "status") return statuses(facets.status);
  return facets[group.facet].map((found) => entryOf(group.field, found));
}

function entryOf(field: FieldKey, { value, label, count }: FacetValue): FacetEntry {
  const words = field === "action_filter" ? inWords(value) : value;
  const title = titleOf(field, value, label) ?? label ?? words;
  return { key: value, label: title, count, token: { field, not: false, values: [value] } };
}

const results = ({ success_count, failed_count }: Stats): FacetEntry[] => [
  { key: "success", label: t("Success"), count: success_count, token: resultToken("success") },
  { key: "failure", label: t("Failed"), count: failed_count, token: resultToken("failure"), tone: "bad" },
];

const resultToken = (value: "success" | "failure"): Token => ({
  field: "success_filter",
  not: false,
  values: [value],
});

/** An action has its severity by the catalogue. Of the ordinary ones there are too many to be of use. */
const SEVERITIES = [
  ["critical", "Critical", "bad"],
  ["warning", "Warning", "warn"],
  ["notice", "Notice", undefined],
] as const;

function severities({ facets, catalogue }: Counted): FacetEntry[] {
  if (!catalogue) return [];
  const counts = new Map(facets.action_type.map(({ value, count }) => [value, count]));
  return SEVERITIES.flatMap(([severity, label, tone]) => {
    const actions = catalogue.actions.filter((action) => action.severity === severity);
    const values = actions.map(({ key }) => key).filter((key) => counts.has(key));
    const count = values.reduce((sum, key) => sum + (counts.get(key) ?? 0), 0);
    if (count === 0) return [];
    return [
      {
        key: severity,
        label: t(label),
        count,
        token: { field: "action_filter", not: false, values },
        ...(tone && { tone }),
      },
    ];
  });
}

const TONES: Record<string, "bad" | "warn" | undefined> = { "4xx": "warn", "5xx": "bad" };

/** Classes first: of single codes there are many, and each class is one thing to look for. */
function statuses(values: readonly FacetValue[]): FacetEntry[] {
  const classes = new Map<string, number>();
  for (const { value, count } of values) {
    const name = `${value.charAt(0)}xx`;
    classes.set(name, (classes.get(name) ?? 0) + count);
  }
  const entries = [...classes].sort().map(([value, count]): FacetEntry => {
    const tone = TONES[value];
    return { ...entryOf("status", { value, label: null, count }), ...(tone && { tone }) };
  });
  return [...entries, ...values.map((found) => entryOf("status", found))];
}
