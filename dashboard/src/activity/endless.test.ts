import { describe, expect, it } from "vitest";
import { activity, list } from "../test/sample";
import { type Endless, extended, followed, MAX_ROWS, NOTHING_READ } from "./endless";

const LATER = { cursor: null, isShifted: true };
const ANCHOR = { filter: "", head: "h", askedAt: 0 };
/** Rows from the newest to the oldest position. */
const rows = (newest: number, oldest: number) =>
  Array.from({ length: newest - oldest + 1 }, (_, index) => activity(newest - index));
const begun = (newest: number, oldest: number): Endless =>
  followed(NOTHING_READ, ANCHOR, rows(newest, oldest), { cursor: "c-1", isShifted: false });
const all = ({ head, older }: Endless) => [...head, ...older].map(({ position }) => position);
const positions = (newest: number, oldest: number) => rows(newest, oldest).map(({ position }) => position);

describe("an endless list", () => {
  it("goes on where its cursor says", () => {
    const state = extended(begun(20, 11), ANCHOR, "c-1", list(rows(10, 1), { next_cursor: "c-2" }));
    expect(all(state)).toEqual(positions(20, 1));
    expect(state.cursor).toBe("c-2");
  });

  it("keeps the rows that arrivals push off the feed", () => {
    const read = extended(begun(20, 11), ANCHOR, "c-1", list(rows(10, 1)));
    const state = followed(read, ANCHOR, rows(23, 14), LATER);
    expect(all(state)).toEqual(positions(23, 1));
    expect(state.hasGap).toBe(false);
  });

  it("is read anew when so much arrives that rows are missing", () => {
    const read = extended(begun(20, 11), ANCHOR, "c-1", list(rows(10, 1)));
    const state = followed(read, ANCHOR, rows(45, 36), LATER);
    expect(state).toMatchObject({ hasGap: true, older: [], cursor: null });
  });

  it("is read anew when rows had left the feed before it began", () => {
    expect(followed(NOTHING_READ, ANCHOR, rows(20, 11), { cursor: "c-1", isShifted: true }).hasGap).toBe(
      true,
    );
  });

  it("begins anew with another list, and takes no late answer of the former", () => {
    const other = { ...ANCHOR };
    const state = followed(begun(20, 11), other, rows(40, 31), { cursor: "c-9", isShifted: false });
    expect(extended(state, ANCHOR, "c-1", list(rows(10, 1)))).toBe(state);
    expect(state.cursor).toBe("c-9");
  });

  it("takes the answer to a cursor once", () => {
    const page = list(rows(10, 1), { next_cursor: "c-2" });
    const once = extended(begun(20, 11), ANCHOR, "c-1", page);
    expect(extended(once, ANCHOR, "c-1", page)).toBe(once);
  });

  it("keeps no more rows than it may, whatever is read or arrives", () => {
    const read = extended(begun(5_000, 4_901), ANCHOR, "c-1", list(rows(4_900, 1), { next_cursor: "c-2" }));
    expect(all(read)).toEqual(positions(5_000, 5_001 - MAX_ROWS));
    const state = followed(read, ANCHOR, rows(5_020, 4_921), LATER);
    expect(all(state)).toEqual(positions(5_020, 5_021 - MAX_ROWS));
    expect(state).toMatchObject({ isFull: true, cursor: null });
  });
});
