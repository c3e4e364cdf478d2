import { expect, test } from "vitest";
import { activity } from "../test/sample";
import { LOCAL } from "../times/zone";
import { gapText, linesOf } from "./steps";

/** Noon here, so that an hour more or less is the same day. */
const NOON = new Date(2027, 0, 15, 12).getTime() / 1_000;
const at = (position: number, seconds: number) => activity(position, { timestamp: NOON + seconds });

test("a day has a line, and so has a stretch of half an hour in which nothing happened", () => {
  const lines = linesOf([at(4, 7_200), at(3, 60), at(2, 0), at(1, -86_400)], LOCAL);
  expect(lines.map(({ kind }) => kind)).toEqual([
    "day",
    "activity",
    "gap",
    "activity",
    "activity",
    "gap",
    "day",
    "activity",
  ]);
});

test("nothing has no line", () => {
  expect(linesOf([], LOCAL)).toEqual([]);
});

test.each([
  [1_800, "30 min 0 s"],
  [7_800, "2 h 10 min"],
  [86_400, "24 h 0 min"],
  [300_000, "3 days"],
])("a gap of %d s is %s", (seconds, text) => {
  expect(gapText(seconds)).toBe(text);
});
