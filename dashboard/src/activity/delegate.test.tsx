import { delegateText } from "@livetrail/sdk/display/delegate-text";
import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { Activity } from "../api/types";
import { activity, list } from "../test/sample";
import { World } from "../test/world";

const DELEGATED = {
  delegate_id: "deploy,bot",
  delegate_type: "agent",
  via: "mcp",
  description: "Ada Lovelace (through agent deploy,bot) signed in",
} as const satisfies Partial<Activity>;

it.each([
  [{ delegate_id: "bot", delegate_type: "agent" }, "through agent bot"],
  [{ delegate_id: "bot", delegate_type: "service" }, "through service bot"],
  [{ delegate_id: "grace", delegate_type: "user" }, "represented by grace"],
  [{ delegate_id: "bot", delegate_type: null }, "through bot"],
  [{ delegate_id: null, delegate_type: null }, null],
  [{ delegate_id: "", delegate_type: null }, null],
] as const)("names the party that acted: %j", (delegate, text) => {
  expect(delegateText(activity(1, delegate))).toBe(text);
});

it("marks the row of a delegate and not that of a user who acted", async () => {
  const world = new World();
  world.page = list([activity(2, DELEGATED), activity(1)]);
  await world.openLive();
  expect(screen.getByRole("button", { name: DELEGATED.description })).toBeVisible();
  expect(screen.getAllByText("via mcp")).toHaveLength(1);
});

it("names the delegate where the sentence does not", async () => {
  const world = new World();
  world.page = list([activity(1, { ...DELEGATED, description: "The nightly import ran" })]);
  await world.openLive();
  expect(screen.getByText("through agent deploy,bot via mcp")).toBeVisible();
});

it("shows the delegate among the fields, and filters by it and by nothing else", async () => {
  const world = new World();
  world.page = list([activity(1, DELEGATED)]);
  await world.openLive("/admin/activity?activity=id-1");
  const detail = await screen.findByRole("dialog");
  for (const text of ["deploy,bot", "agent", "mcp"]) {
    expect(within(detail).getByText(text, { selector: "dd bdi" })).toBeVisible();
  }
  await userEvent.click(within(detail).getByRole("button", { name: "This delegate" }));
  await waitFor(() => expect(world.asked.at(-1)).toContain("delegate_id=deploy%5C%2Cbot"));
  expect(await screen.findByRole("button", { name: "Edit filter delegate deploy,bot" })).toBeVisible();
});

it("names the filters of a link", async () => {
  const world = new World();
  world.page = list([activity(1, DELEGATED)]);
  await world.openLive("/admin/activity?delegated=true&via=mcp");
  expect(screen.getByText("delegated only")).toBeVisible();
  expect(screen.getByRole("button", { name: "Edit filter via mcp" })).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Remove filter delegated only" }));
  await waitFor(() => expect(window.location.search).toBe("?via=mcp"));
});
