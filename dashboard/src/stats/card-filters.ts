/** What a click on a card does to the view, and whether it has been done. */
import { FIRST_PAGE, NEWEST_FIRST, type View } from "../filters/view";
import type { Text } from "../texts/texts";

export interface CardFilter {
  isOn: (view: View, nowSeconds: number) => boolean;
  on: (nowSeconds: number) => Partial<View>;
  off: Partial<View>;
  /** What the click does, for the tooltip. */
  hint: Text;
}

const HOUR = 3_600;
const MINUTE = 60;
/** A link to the last hour stays one for as many seconds. */
const HOUR_TOLERANCE = 300;

const choice = (
  name: "success_filter" | "is_admin" | "anonymous",
  value: unknown,
  hint: Text,
): CardFilter => ({
  isOn: (view) => view[name] === value,
  on: () => ({ [name]: value }),
  off: { [name]: null },
  hint,
});

export const CARD_FILTERS = {
  success: choice("success_filter", "success", "Show only activities that worked"),
  failed: choice("success_filter", "failure", "Show only failed activities"),
  users: choice("anonymous", false, "Show only users who are known"),
  anonymous: choice("anonymous", true, "Show only anonymous users"),
  admin: choice("is_admin", true, "Show only activities of admins"),
  slowest: {
    isOn: (view) => view.sort_by === "duration_ms" && view.sort_order === "desc",
    on: () => ({ sort_by: "duration_ms", sort_order: "desc" }),
    off: NEWEST_FIRST,
    hint: "Show the slowest first",
  },
  hour: {
    isOn: ({ date_from, date_to }, now) =>
      date_from !== null && date_to === null && Math.abs(now - date_from - HOUR) <= HOUR_TOLERANCE,
    on: (now) => ({ date_from: Math.floor(now / MINUTE) * MINUTE - HOUR, date_to: null }),
    off: { date_from: null, date_to: null },
    hint: "Show only the last hour",
  },
} as const satisfies Record<string, CardFilter>;

/** The change of the view that a click makes: a second one undoes the first. */
export function toggled(filter: CardFilter, view: View, nowSeconds: number): Partial<View> {
  return { ...(filter.isOn(view, nowSeconds) ? filter.off : filter.on(nowSeconds)), ...FIRST_PAGE };
}

/** What shows everything again that a card may have hidden; null where none has. */
export function allAgain(view: View, nowSeconds: number): Partial<View> | null {
  const on = Object.values<CardFilter>(CARD_FILTERS).filter((filter) => filter.isOn(view, nowSeconds));
  return on.length === 0 ? null : Object.assign({}, ...on.map(({ off }) => off), FIRST_PAGE);
}
