import { describe, expect, it } from "vitest";
import { isRest, NOTHING_DONE, STEP, treeRows } from "../src/display/tree-rows.js";

const texts = (rows: ReturnType<typeof treeRows>) =>
  rows.map((row) => (isRest(row) ? `+${row.rest}` : row.path));

describe("the rows of a tree", () => {
  it("are its nodes with the path to each, a small value opened as a whole", () => {
    expect(texts(treeRows({ a: { b: [1, null] }, c: {} }))).toEqual(["a", "a.b", "a.b[0]", "a.b[1]", "c"]);
  });

  it("leave out what is closed", () => {
    const rows = treeRows({ a: { b: 1 }, c: 2 }, { ...NOTHING_DONE, open: new Map([["a", false]]) });
    expect(texts(rows)).toEqual(["a", "c"]);
  });

  it("say how a node stands among its siblings, and that an empty one cannot be opened", () => {
    const [a, , c] = treeRows({ a: [1], c: [] });
    expect(a).toMatchObject({ depth: 1, position: 1, siblings: 2, size: 1, isOpen: true });
    expect(c).toMatchObject({ depth: 1, position: 2, siblings: 2, size: 0, isOpen: null });
  });

  it("are few at first, however long a list is, and more as they are asked for", () => {
    const value = { items: Array(30_000).fill(0) };
    const rows = treeRows(value);
    expect(texts(rows)).toHaveLength(STEP + 2);
    expect(texts(rows).at(-1)).toBe("+29950");
    const more = treeRows(value, { ...NOTHING_DONE, shown: new Map([["items", 2 * STEP]]) });
    expect(texts(more)).toHaveLength(2 * STEP + 2);
  });

  it("do not open a wide or deep value by themselves", () => {
    const wide = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`k${index}`, [1, 2, 3]]));
    expect(treeRows(wide).length).toBeLessThan(70);
    let deep: unknown = 1;
    for (let level = 0; level < 120; level += 1) deep = { deep };
    expect(treeRows(deep).length).toBeLessThan(70);
  });
});
