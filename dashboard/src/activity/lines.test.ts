import { expect, it } from "vitest";
import { activity } from "../test/sample";
import type { Entry } from "./folds";
import { keyOf, linesOf, withBreaks } from "./lines";

const entries = [3, 2, 1].map(
  (position): Entry => ({ activity: activity(position), run: null, isHead: false }),
);
const keys = (...belows: (string | null)[]) =>
  withBreaks(
    linesOf(entries),
    belows.map((below, index) => ({ reason: "another log", at: index, below })),
  ).map(keyOf);

it("stands above the newest row from before", () => {
  expect(keys("id-2")).toEqual(["id-3", "gap:0", "id-2", "id-1"]);
  expect(keys("id-3", "id-1")).toEqual(["gap:0", "id-3", "id-2", "gap:1", "id-1"]);
});

it("stands above all rows where none is from before", () => {
  expect(keys("id-77")).toEqual(["gap:0", "id-3", "id-2", "id-1"]);
  expect(keys(null)).toEqual(["gap:0", "id-3", "id-2", "id-1"]);
  expect(keys()).toEqual(["id-3", "id-2", "id-1"]);
});
