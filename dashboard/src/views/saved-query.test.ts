import { describe, expect, it } from "vitest";
import { BUILT_IN } from "./built-in";
import { countedBy, isShown, openedQuery, savedQuery } from "./saved-query";

const NOW = 1_800_000_030;
const HOUR_AGO = 1_799_996_400;

describe("a view", () => {
  it("keeps the filter and the order, and nothing of the moment", () => {
    const search =
      "?q=ada&sort_by=duration_ms&limit=50&page=3&cursor=c&activity=a&report=failed_logins&colour=red";
    expect(savedQuery(search, NOW)).toBe("q=ada&sort_by=duration_ms&limit=50");
  });

  it("moves with time where its range ends now", () => {
    expect(savedQuery(`date_from=${NOW - 86_400}&q=x`, NOW)).toBe("q=x&window=24h");
    expect(openedQuery("q=x&window=1h", NOW)).toBe(`q=x&date_from=${HOUR_AGO}`);
    const fixed = "date_from=1700000000&date_to=1700003599";
    expect(savedQuery(fixed, NOW)).toBe(fixed);
    expect(openedQuery(fixed, NOW)).toBe(fixed);
  });

  it("does not follow a range that it does not know", () => {
    expect(openedQuery("window=forever", NOW)).toBe("");
  });

  it("is the one that is shown, in whichever order its parameters stand", () => {
    expect(isShown("q=ada&window=24h", `date_from=${NOW - 86_400}&q=ada&page=2`, NOW)).toBe(true);
    expect(isShown("q=ada", "q=ada&ip=192.0.2.1", NOW)).toBe(false);
    expect(isShown("", "", NOW)).toBe(true);
  });

  it("is counted by a filter that stays the same for an hour", () => {
    const counted = (saved: string, now = NOW) => {
      const { filter, lastDay } = countedBy(saved, now);
      return [filter.toString(), lastDay];
    };
    expect(counted("q=ada&sort_by=duration_ms&columns=time,who")).toEqual(["q=ada", false]);
    expect(counted("q=ada&window=24h")).toEqual(["q=ada", true]);
    expect(counted("window=7d", NOW + 1_800)).toEqual(counted("window=7d", NOW));
  });

  it.each(BUILT_IN)("of every log is as the page would keep it: $name", ({ query }) => {
    const shown = openedQuery(query, NOW);
    expect(isShown(query, shown, NOW)).toBe(true);
  });
});
