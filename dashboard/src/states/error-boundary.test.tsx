import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import type { Activity } from "../api/types";
import { enter } from "../test/bar";
import { activity, list } from "../test/sample";
import { ok, World } from "../test/world";

/** A time that JavaScript cannot write makes a row that cannot be drawn. */
const IMPOSSIBLE = { timestamp: 1e20, occurred_at: "2027-01-15T08:00:00.000000Z" } as Partial<Activity>;

// React reports what a boundary has caught.
beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));

it("says so in the place of a list that cannot be drawn, and keeps the rest of the page", async () => {
  const world = new World();
  world.page = list([{ ...activity(1), ...IMPOSSIBLE }]);
  world.open();
  expect(await screen.findByRole("alert")).toHaveTextContent("The list cannot be shown.");
  expect(await screen.findByLabelText("Statistics")).toBeVisible();
  expect(screen.getByRole("button", { name: "Show the whole log" })).toBeEnabled();
});

it("draws the list again with another filter", async () => {
  const world = new World();
  world.page = list([{ ...activity(1), ...IMPOSSIBLE }]);
  world.open();
  await screen.findByRole("alert");
  world.page = list([activity(2)]);
  await enter("result:failed");
  expect(await screen.findByRole("button", { name: "Ada Lovelace signed in (2)" })).toBeVisible();
  expect(screen.queryByRole("alert")).not.toBeInTheDocument();
});

it("keeps the page when an activity cannot be drawn, and Escape closes what says so", async () => {
  const world = new World();
  world.page = list([activity(1)]);
  world.handlers["GET /api/admin/activity/id-9"] = () => ok({ ...activity(9), ...IMPOSSIBLE });
  await world.openLive("/admin/activity?activity=id-9");
  expect(await screen.findByRole("alert")).toHaveTextContent("The activity cannot be shown.");
  expect(screen.getByRole("button", { name: "Ada Lovelace signed in (1)" })).toBeVisible();
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(screen.queryByRole("alert")).not.toBeInTheDocument());
});

it("leaves a page with ways out when nothing can be drawn", async () => {
  const world = new World();
  // Of nobody at all there is nothing to write at the page's edge.
  world.handlers["GET /api/session"] = () => ok({ user_id: null, display_name: null, role: "admin" });
  world.open("/admin/activity?q=ada");
  expect(await screen.findByRole("heading", { name: "This page cannot be shown" })).toBeVisible();
  expect(screen.getByRole("button", { name: "Load the page again" })).toBeEnabled();
});
