import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { activity, list } from "../test/sample";
import { ok, World } from "../test/world";

function world(): World {
  const of = new World();
  of.page = list([activity(1)]);
  return of;
}

/** The line over the list, which has its height before anything stands in it. */
const line = () => {
  const found = document.querySelector("main .min-h-8.border-b");
  if (!found) throw new Error("there is no line over the list");
  return found;
};

it("the line over the list is there before the alerts are known, so that they move no row", async () => {
  const of = world();
  let answer = (): void => undefined;
  const known = new Promise<void>((resolve) => {
    answer = resolve;
  });
  // The chart asks for alerts as well.
  of.handlers["GET /api/admin/alerts"] = async () => {
    await known;
    return ok({ data: [], next_cursor: null, open: 0 });
  };
  await of.openLive();
  expect(line()).toHaveTextContent("");
  const before = line();
  answer();
  expect(await screen.findByText("No open alerts")).toBeVisible();
  expect(line()).toBe(before);
});

it("it says how many alerts are open where none of them is grave", async () => {
  const of = world();
  of.handlers["GET /api/admin/alerts"] = () => ok({ data: [], next_cursor: null, open: 3 });
  await of.openLive();
  await waitFor(() => expect(line()).toHaveTextContent("3 open alerts, none of them grave and unmuted"));
  expect(screen.getByRole("link", { name: "3 open alerts" })).toHaveAttribute("href", "/alerts?state=open");
});
