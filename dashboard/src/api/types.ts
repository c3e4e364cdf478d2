/** The shapes of the public API that the dashboard reads, by the server's own description of them. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export type Activity = Schemas["ActivityView"];
export type ActivityList = Schemas["ActivityList"];
export type Change = Schemas["Change"];
export type Device = Schemas["Device"];
export type Stats = Schemas["Stats"];

export type Catalogue = Schemas["CatalogueAnswer"];
export type CatalogueAction = Schemas["Action"];

export type Session = Schemas["Session"];

/** RFC 9457 problem details; the one answer that leaves out what it does not have. */
export type Problem = Schemas["Problem"];
