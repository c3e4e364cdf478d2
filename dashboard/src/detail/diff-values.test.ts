import { diffValues, isSame, pathText } from "@livetrail/sdk/display/diff-values";
import { describe, expect, it } from "vitest";
import { readJson } from "../api/json";

const found = (from: unknown, to: unknown) =>
  diffValues(from, to).found.map(({ path, ...sides }) => [pathText(path), sides]);

describe("the differences of two values", () => {
  it("are those of their parts, with the path to each", () => {
    const from = { limits: { seats: 5, plan: "free" }, tags: ["a", "b"], kept: [1, { x: 2 }] };
    const to = { limits: { seats: 8, plan: "free", trial: true }, tags: ["a"], kept: [1, { x: 2 }] };
    expect(found(from, to)).toEqual([
      ["limits.seats", { from: 5, to: 8 }],
      ["limits.trial", { to: true }],
      ["tags[1]", { from: "b" }],
    ]);
  });

  it("do not mark every item when one is put before them", () => {
    expect(found(["b", "c", "d"], ["a", "b", "c", "d"])).toEqual([["[0]", { to: "a" }]]);
    expect(found(["a", "b", "c"], ["a", "c"])).toEqual([["[1]", { from: "b" }]]);
  });

  it("tell null from nothing, and kinds from one another", () => {
    expect(found({ a: null }, {})).toEqual([["a", { from: null }]]);
    expect(found({ a: 1 }, { a: "1" })).toEqual([["a", { from: 1, to: "1" }]]);
    expect(found({ a: [] }, { a: {} })).toEqual([["a", { from: [], to: {} }]]);
    expect(found({ a: 1 }, { a: 1 })).toEqual([]);
  });

  it("see the last digit of an integer that JavaScript cannot hold", () => {
    const from = readJson('{"ref": 1541815603606036480}');
    expect(isSame(from, readJson('{"ref": 1541815603606036480}'))).toBe(true);
    expect(found(from, readJson('{"ref": 1541815603606036481}'))).toHaveLength(1);
  });

  it("are bounded", () => {
    const { found: some, isCut } = diffValues(Array(9_000).fill(0), Array(9_000).fill(1));
    expect(some).toHaveLength(200);
    expect(isCut).toBe(true);
  });

  it("read keys such as __proto__ and toString like any other", () => {
    expect(found(JSON.parse('{"__proto__": 1}'), {})).toEqual([["__proto__", { from: 1 }]]);
    expect(found({}, { toString: 1 })).toEqual([["toString", { to: 1 }]]);
  });
});

it("quotes the steps of a path that could be read otherwise", () => {
  expect(pathText(["a", 0, "b.c", "d"])).toBe('a[0]["b.c"].d');
  expect(pathText([""])).toBe('[""]');
});
