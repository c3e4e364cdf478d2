import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { SEARCH_FIELD_ID } from "../activity/use-row-keys";
import { activity, list } from "../test/sample";
import { World } from "../test/world";

async function opened() {
  const world = new World();
  world.page = list([activity(1)]);
  await world.openLive();
  await userEvent.keyboard("?");
  return screen.findByRole("dialog", { name: "Keyboard shortcuts" });
}

it("shows the keys, and switches those of single letters off", async () => {
  const sheet = await opened();
  expect(within(sheet).getByText("show what is newer")).toBeVisible();
  await userEvent.click(within(sheet).getByRole("checkbox", { name: "Listen to single letters and signs" }));
  await userEvent.click(within(sheet).getByRole("button", { name: "Close" }));
  await userEvent.keyboard("?");
  expect(screen.queryByRole("dialog")).toBeNull();
  await userEvent.keyboard("/");
  expect(document.getElementById(SEARCH_FIELD_ID)).not.toHaveFocus();
});

it("is opened by a click where keys are off", async () => {
  localStorage.setItem("livetrail-keys", "off");
  const world = new World();
  world.page = list([activity(1)]);
  await world.openLive();
  await userEvent.click(screen.getByRole("button", { name: "Keyboard shortcuts" }));
  const box = within(await screen.findByRole("dialog")).getByRole("checkbox");
  expect(box).not.toBeChecked();
  await userEvent.click(box);
  expect(localStorage.getItem("livetrail-keys")).toBeNull();
});
