/** The things that have a page of their own, and what of the log is about each. */
import { literally } from "../filters/terms";
import type { Text } from "../texts/texts";

type Filter = Record<string, string>;

/** Which part of the log a page shows. */
export interface Part {
  /** "Did", "Was done to"; null where there is one part only. */
  title: Text | null;
  filter: Filter;
}

export interface Subject {
  kind: "Person" | "Session" | "Network" | "Resource";
  name: string;
  parts: readonly [Part, ...Part[]];
  /** What its activities are grouped by, beside their actions. */
  groupedBy: readonly ("user_id" | "network")[];
  /** Whether an alert is about it whose group has this value of a field. */
  isMeant: (field: string, value: string) => boolean;
}

export function person(id: string, tenant: string | null): Subject {
  const inTenant = tenant === null ? {} : { tenant_id: literally(tenant) };
  return {
    kind: "Person",
    name: id,
    parts: [
      { title: "Did", filter: { user_id: literally(id), ...inTenant } },
      { title: "Was done to", filter: { target_user_id: literally(id), ...inTenant } },
    ],
    groupedBy: ["network"],
    isMeant: (field, value) => (field === "user_id" || field === "target_user_id") && value === id,
  };
}

export const session = (id: string): Subject => ({
  kind: "Session",
  name: id,
  parts: [{ title: null, filter: { session_id: literally(id) } }],
  groupedBy: ["user_id", "network"],
  isMeant: (field, value) => field === "session_id" && value === id,
});

export const network = (cidr: string): Subject => ({
  kind: "Network",
  name: cidr,
  parts: [{ title: null, filter: { ip: cidr } }],
  groupedBy: ["user_id"],
  isMeant: (field, value) =>
    field === "network" ? value === cidr : field === "ip_address" && isWithin(value, cidr),
});

export const resource = (type: string, id: string): Subject => ({
  kind: "Resource",
  name: id,
  parts: [{ title: null, filter: { resource_type: literally(type), resource_id: literally(id) } }],
  groupedBy: ["user_id", "network"],
  isMeant: (field, value) => field === "target_resource_id" && value === id,
});

/** Networks of IPv4 are known by their text: their prefix is three numbers long. */
const isWithin = (address: string, cidr: string): boolean =>
  cidr.endsWith(".0/24") && address.startsWith(cidr.slice(0, -"0/24".length));
