import { expect, test } from "vitest";
import { type Column, readOrder, sortRows, writeOrder } from "./columns";

interface Row {
  name: string;
  count: number | null;
}

const COLUMNS: readonly Column<Row>[] = [
  { name: "name", header: "Name", cell: () => null, sortBy: ({ name }) => name, ascending: true },
  { name: "count", header: "Count", cell: () => null, sortBy: ({ count }) => count },
  { name: "mark", header: "Mark", cell: () => null },
];
const ROWS: readonly Row[] = [
  { name: "b", count: null },
  { name: "c", count: 2 },
  { name: "a", count: 10 },
];
const names = (order: string) => sortRows(ROWS, COLUMNS, readOrder(order)).map(({ name }) => name);

test("texts begin with the least, numbers with the largest, and a minus reverses both", () => {
  expect([names("name"), names("-name")]).toEqual([
    ["a", "b", "c"],
    ["c", "b", "a"],
  ]);
  expect(names("count")).toEqual(["a", "c", "b"]);
});

test("a row without a value is the last one in both orders", () => {
  expect(names("-count")).toEqual(["c", "a", "b"]);
});

test("rows keep the order of the server where a column has none, or is unknown", () => {
  expect(names("mark")).toEqual(["b", "c", "a"]);
  expect(names("toString")).toEqual(["b", "c", "a"]);
  expect(sortRows(ROWS, COLUMNS, null)).toBe(ROWS);
});

test("an order is written as it is read", () => {
  expect([writeOrder(readOrder("count")), writeOrder(readOrder("-count"))]).toEqual(["count", "-count"]);
});
