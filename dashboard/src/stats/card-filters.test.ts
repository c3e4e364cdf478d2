import { describe, expect, it } from "vitest";
import { NO_FILTER, NOTHING_BESIDE, type View } from "../filters/view";
import { allAgain, CARD_FILTERS, type CardFilter, toggled } from "./card-filters";

const NOW = 1_800_000_123;
const VIEW: View = {
  ...NO_FILTER,
  ...NOTHING_BESIDE,
  page: 3,
  cursor: "c",
  limit: 20,
  sort_by: "timestamp",
  sort_order: "desc",
};
const FILTERS = Object.entries<CardFilter>(CARD_FILTERS);

describe("a click on a card", () => {
  it.each(FILTERS)("filters, and a second one undoes that: %s", (_, filter) => {
    const on = { ...VIEW, ...toggled(filter, VIEW, NOW) };
    expect(filter.isOn(VIEW, NOW)).toBe(false);
    expect(filter.isOn(on, NOW)).toBe(true);
    expect(on).toMatchObject({ page: 1, cursor: null });
    const off = { ...on, ...toggled(filter, on, NOW) };
    expect(off).toEqual({ ...VIEW, page: 1, cursor: null });
  });

  it("on one of two results takes the place of the other", () => {
    const failed = { ...VIEW, ...toggled(CARD_FILTERS.failed, VIEW, NOW) };
    expect({ ...failed, ...toggled(CARD_FILTERS.success, failed, NOW) }.success_filter).toBe("success");
  });

  it("on all activities undoes what cards have set, and nothing else", () => {
    const view = { ...VIEW, q: "ada", is_admin: true, success_filter: "failure" as const };
    expect({ ...view, ...allAgain(view, NOW) }).toEqual({ ...VIEW, q: "ada", page: 1, cursor: null });
    expect(allAgain({ ...VIEW, q: "ada" }, NOW)).toBeNull();
  });
});

it("the last hour is still one some minutes later", () => {
  const hour = { ...VIEW, ...CARD_FILTERS.hour.on(NOW) };
  expect(CARD_FILTERS.hour.isOn(hour, NOW + 200)).toBe(true);
  expect(CARD_FILTERS.hour.isOn(hour, NOW + 2_000)).toBe(false);
  expect(CARD_FILTERS.hour.isOn({ ...hour, date_to: NOW }, NOW)).toBe(false);
});
