import { act, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { activity, list } from "../test/sample";
import { ok, World } from "../test/world";

/** As the server writes it: with digits that JavaScript's numbers do not have. */
const exactly = (value: unknown) => JSON.stringify(value).replace(/"#(\d+)"/g, "$1");
const PAYMENT = {
  details: { order: "#175928847299117063" },
  changes: { ref: { from: "#1541815603606036480", to: "#1541815603606036481" } },
} as const;

/** `one`: the first of the list. */
function worldWith(text: string, one = ""): World {
  const world = new World();
  world.handlers["GET /api/admin/activity/id-1"] = () => ({ status: 200, text: one });
  world.handlers["GET /api/admin/activity"] = () => ({ status: 200, text });
  return world;
}

async function copied(label: string): Promise<string> {
  await userEvent.click(screen.getByRole("button", { name: label }));
  return navigator.clipboard.readText();
}

describe("integers beyond what JavaScript can count", () => {
  it("are shown and copied as they were logged", async () => {
    userEvent.setup();
    worldWith(exactly(list([activity(1, PAYMENT)])), exactly(activity(1, PAYMENT))).open(
      "/admin/activity?activity=id-1",
    );
    const detail = await screen.findByRole("dialog");
    await within(detail).findByRole("tree", { name: "Details" });
    expect(
      within(detail).getByRole("row", { name: "ref 1541815603606036480 → 1541815603606036481" }),
    ).toBeVisible();
    const tree = within(detail).getByRole("tree", { name: "Details" });
    expect(within(tree).getByRole("treeitem", { name: "order: 175928847299117063" })).toBeVisible();
    expect(await copied("Copy value of order")).toBe("175928847299117063");
    expect(await copied("Copy details as JSON")).toBe('{\n  "order": 175928847299117063\n}');
    expect(await copied("Copy changes as JSON")).toContain('"to": 1541815603606036481');
    await userEvent.keyboard("y");
    expect(await copied("JSON")).toContain('"order": 175928847299117063');
  });

  it("keep their digits when the stream brings them", async () => {
    const stream = await worldWith(JSON.stringify(list([activity(1)]))).openLive();
    const frame = { type: "new_activity", data: activity(2, PAYMENT) };
    act(() => stream.sendText(exactly(frame), "c-2"));
    await userEvent.click(await screen.findByRole("button", { name: "Ada Lovelace signed in (2)" }));
    expect(await screen.findByText("175928847299117063")).toBeVisible();
  });
});

it("tells a number from the same digits as text, and nothing from an empty text", async () => {
  const world = new World();
  const changed = activity(1, {
    changes: {
      plan: { from: 1, to: "1" },
      note: { from: null, to: "" },
      city: { from: "Rome", to: "Oslo" },
    },
  });
  world.page = list([changed]);
  world.handlers["GET /api/admin/activity/id-1"] = () => ok(changed);
  world.open("/admin/activity?activity=id-1");
  await screen.findByRole("row", { name: /^plan/ });
  const detail = screen.getByRole("dialog");
  expect(within(detail).getByRole("row", { name: 'plan 1 → "1"' })).toBeVisible();
  expect(within(detail).getByRole("row", { name: 'note null → ""' })).toBeVisible();
  expect(within(detail).getByRole("row", { name: "city Rome → Oslo" })).toBeVisible();
});
