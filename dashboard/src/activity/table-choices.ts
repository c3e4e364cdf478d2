/** How this browser's user wants the table: kept here, since a link is to show a colleague the same rows. */
import { stored } from "../ui/stored";

/** Columns that are shown on demand, in the order in which the menu offers them. */
export const OPTIONAL_COLUMNS = ["action_type", "email", "request", "tenant", "session"] as const;
export type OptionalColumn = (typeof OPTIONAL_COLUMNS)[number];
export type Density = "compact" | "comfortable";

const NONE: readonly OptionalColumn[] = [];
const isOptional = (name: unknown): name is OptionalColumn =>
  OPTIONAL_COLUMNS.some((column) => column === name);

/** Those that are shown, in their order. */
export const chosenColumns = stored("livetrail.columns", (json): readonly OptionalColumn[] =>
  Array.isArray(json) ? [...new Set(json.filter(isOptional))] : NONE,
);
export const density = stored(
  "livetrail.density",
  (json): Density => (json === "comfortable" ? json : "compact"),
);
/** Whether neighbouring rows that say the same are one row. */
export const folding = stored("livetrail.folding", (json) => json !== false);
/** Whether the list goes on at its end, instead of in pages. */
export const endless = stored("livetrail.endless", (json) => json === true);

export const ROW_PX: Record<Density, number> = { compact: 28, comfortable: 36 };
