/** The shapes of the public API that the dashboard reads, by the server's own description of them. */
import type { components } from "./schema";

type Schemas = components["schemas"];

/** The server writes every field of an answer: what is not known is null, never absent. */
type Whole<T> = Required<T>;

export type Severity = Schemas["Severity"];
export type Device = Whole<Schemas["Device"]>;

export interface Change {
  from: unknown;
  to: unknown;
}

export type Activity = Omit<Whole<Schemas["ActivityView"]>, "changes" | "details" | "device"> & {
  changes: Record<string, Change> | null;
  details: Record<string, unknown> | null;
  device: Device | null;
};

export type Stats = Whole<Schemas["Stats"]>;

export type ActivityList = Omit<Whole<Schemas["ActivityList"]>, "data" | "stats"> & {
  data: Activity[];
  stats: Stats;
};

export type CatalogueCategory = Schemas["Category"];
export type CatalogueAction = Whole<Schemas["Action"]>;

export type Catalogue = Omit<Schemas["CatalogueAnswer"], "actions"> & { actions: CatalogueAction[] };

export type Session = Whole<Schemas["Session"]>;

/** RFC 9457 problem details; the one answer that leaves out what it does not have. */
export type Problem = Schemas["Problem"];
