import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { NuqsAdapter } from "nuqs/adapters/react";
import { expect, test, vi } from "vitest";
import type { Column } from "./columns";
import { type Fold, QueryTable, type RowsQuery } from "./query-table";

interface Fruit {
  name: string;
  count: number;
}

const COLUMNS: readonly Column<Fruit>[] = [
  { name: "fruit", header: "Fruit", cell: ({ name }) => name, sortBy: ({ name }) => name, ascending: true },
  { name: "count", header: "Count", cell: ({ count }) => count, sortBy: ({ count }) => count },
  { name: "note", header: "Note", cell: () => "fresh", wideOnly: true },
];
const FOLD: Fold<Fruit> = {
  label: ({ name }) => `More of ${name}`,
  content: ({ name }) => `${name} tree`,
};
const FRUITS = [
  { name: "apple", count: 2 },
  { name: "pear", count: 10 },
];

function draw(query: Partial<RowsQuery<Fruit>>, isFolded = false) {
  render(
    <NuqsAdapter>
      <QueryTable
        label="Fruit"
        columns={COLUMNS}
        query={{ data: FRUITS, error: null, refetch: () => undefined, ...query }}
        keyOf={({ name }) => name}
        nothing="No fruit."
        sortedBy="count"
        {...(isFolded && { fold: FOLD })}
      />
    </NuqsAdapter>,
  );
}

const rows = () =>
  screen
    .getAllByRole("row")
    .slice(1)
    .map((row) => within(row).getAllByRole("cell")[0]?.textContent);

function onNarrowScreen() {
  vi.stubGlobal("matchMedia", () => ({
    matches: false,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
  }));
}

test("a head sorts by its column, once more the other way, and the address says so", async () => {
  draw({});
  expect(rows()).toEqual(["pear", "apple"]);
  expect(screen.getByRole("columnheader", { name: "Count" })).toHaveAttribute("aria-sort", "descending");
  fireEvent.click(screen.getByRole("button", { name: "Count" }));
  await screen.findByRole("columnheader", { name: "Count" });
  await waitFor(() => expect(window.location.search).toBe("?sort=-count"));
  expect(rows()).toEqual(["apple", "pear"]);
  fireEvent.click(screen.getByRole("button", { name: "Count" }));
  await waitFor(() => expect(window.location.search).toBe(""));
  expect(screen.queryByRole("button", { name: "Note" })).toBeNull();
});

test("a link opens the order that it says", () => {
  window.history.replaceState(null, "", "/admin/people?sort=fruit");
  draw({});
  expect(rows()).toEqual(["apple", "pear"]);
  expect(screen.getByRole("columnheader", { name: "Fruit" })).toHaveAttribute("aria-sort", "ascending");
});

test("it says that rows are read, that there are none, or what went wrong", async () => {
  draw({ data: undefined });
  expect(screen.getByRole("status", { name: "Loading: Fruit" })).toBeVisible();
  draw({ data: [] });
  expect(screen.getByText("No fruit.")).toBeVisible();
  const refetch = vi.fn();
  draw({ data: undefined, error: new Error("The store is away"), refetch });
  expect(screen.getByText("The store is away")).toBeVisible();
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(refetch).toHaveBeenCalledOnce();
});

test("rows stay when they could not be read again, and it says so", () => {
  draw({ error: new Error("The store is away") });
  expect(screen.getByRole("alert")).toHaveTextContent("Not refreshed: The store is away");
  expect(rows()).toEqual(["pear", "apple"]);
});

test("of many rows the first are drawn, and the others on demand", () => {
  draw({ data: Array.from({ length: 1_200 }, (_, count) => ({ name: `fruit ${count}`, count })) });
  expect(rows()).toHaveLength(200);
  expect(rows()[0]).toBe("fruit 1199");
  fireEvent.click(screen.getByRole("button", { name: "Show all 1,200 rows" }));
  expect(rows()).toHaveLength(1_200);
});

test("what is folded under a row is drawn once it is unfolded", () => {
  draw({}, true);
  expect(screen.queryByText("pear tree")).toBeNull();
  const fold = screen.getByRole("button", { name: "More of pear" });
  fireEvent.click(fold);
  expect(screen.getByText("pear tree")).toBeVisible();
  expect(fold).toHaveAttribute("aria-expanded", "true");
});

test("a narrow screen shows rows below each other, each value with its name, and a choice of the order", async () => {
  onNarrowScreen();
  draw({}, true);
  const items = () => within(screen.getByRole("list", { name: "Fruit" })).getAllByRole("listitem");
  expect(items()[0]).toHaveTextContent("pearCount10");
  expect(screen.queryByText("fresh")).toBeNull();
  fireEvent.change(screen.getByRole("combobox", { name: "Order of Fruit" }), { target: { value: "fruit" } });
  await waitFor(() => expect(items()[0]).toHaveTextContent("apple"));
  await act(async () => fireEvent.click(screen.getByRole("button", { name: "Largest first" })));
  await waitFor(() => expect(items()[0]).toHaveTextContent("pear"));
});
