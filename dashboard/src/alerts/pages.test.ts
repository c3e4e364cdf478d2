import { describe, expect, it } from "vitest";
import { alert } from "../test/sample";
import { type AlertPages, insertInto, replaceIn, rowsOf } from "./pages";

const pagesOf = (...positions: number[][]): AlertPages => ({
  pages: positions.map((page, index) => ({
    data: page.map((position) => alert(position)),
    next_cursor: index < positions.length - 1 ? `after-${index}` : null,
    open: 0,
  })),
  pageParams: positions.map((_, index) => (index === 0 ? null : `after-${index - 1}`)),
});
const positionsOf = (pages: AlertPages) =>
  pages.pages.map(({ data }) => data.map(({ position }) => position));

describe("the pages of alerts", () => {
  it("get new alerts where the list has them, the newest position first", () => {
    const pages = insertInto(pagesOf([9, 5], [3]), [alert(4), alert(12), alert(7), alert(1)]);
    expect(positionsOf(pages)).toEqual([
      [12, 9, 7, 5],
      [4, 3, 1],
    ]);
  });

  it("take an alert once", () => {
    const pages = pagesOf([9, 5]);
    expect(insertInto(pages, [alert(5)])).toBe(pages);
  });

  it("leave an alert behind what is loaded to its own page", () => {
    const pages = pagesOf([9, 5]);
    const first = { ...pages, pages: pages.pages.map((page) => ({ ...page, next_cursor: "more" })) };
    expect(positionsOf(insertInto(first, [alert(2), alert(6)]))).toEqual([[9, 6, 5]]);
  });

  it("get the first alert of an empty list", () => {
    expect(positionsOf(insertInto(pagesOf([]), [alert(1)]))).toEqual([[1]]);
  });

  it("have two alerts of one position in the order of their ids", () => {
    const pages = insertInto(pagesOf([]), [alert(1, { id: "a" }), alert(1, { id: "b" })]);
    expect(rowsOf(pages).map(({ id }) => id)).toEqual(["b", "a"]);
  });

  it("change an alert in its place, and stay the same without it", () => {
    const pages = pagesOf([9, 5], [3]);
    const changed = replaceIn(pages, alert(5, { count: 77 }));
    expect(rowsOf(changed).map(({ count }) => count)).toEqual([10, 77, 10]);
    expect(replaceIn(pages, alert(4))).toBe(pages);
  });
});
