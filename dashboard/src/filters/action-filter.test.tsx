import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { activity, facets, list } from "../test/sample";
import { ok, refused, World } from "../test/world";

const CATALOGUE = {
  categories: [{ key: "authentication", title: "Authentication" }],
  actions: [
    { key: "user_login", title: "User login", icon: "log-in", category: "authentication" },
    { key: "user_logout", title: "User logout", icon: "log-out", category: "authentication" },
  ],
};

function worldWithActions() {
  const world = new World();
  world.page = list([activity(1)]);
  world.handlers["GET /api/admin/catalogue"] = () => ok(CATALOGUE);
  world.facets = facets({
    action_type: [
      { value: "user_login", count: 1_204, label: "User login" },
      { value: "parcel_sent", count: 7, label: null },
    ],
  });
  return world;
}

async function openFilter(name: string | RegExp) {
  await userEvent.click(screen.getByRole("button", { name }));
  return within(await screen.findByRole("dialog", { name: "Actions" }));
}

describe("the actions to choose from", () => {
  it("say how many there are of each, whatever actions are chosen", async () => {
    const world = worldWithActions();
    await world.openLive("/admin/activity?action_filter=user_logout&success_filter=failure");
    expect(world.asked.some((call) => call.includes("/facets"))).toBe(false);
    const panel = await openFilter("user_logout");
    expect(await panel.findByRole("checkbox", { name: "User login 1,204" })).not.toBeChecked();
    expect(panel.getByRole("checkbox", { name: "User logout 0" })).toBeChecked();
    expect(world.asked).toContain("GET /api/admin/activity/facets?success_filter=failure");
  });

  it("are no longer counted once the panel is closed, or the filter is another", async () => {
    const world = worldWithActions();
    const never = () => new Promise<never>(() => undefined);
    world.handlers["GET /api/admin/activity/facets"] = never;
    await world.openLive();
    const facetsOf = (filter: string) => `GET /api/admin/activity/facets${filter}`;
    await openFilter("All actions");
    await waitFor(() => expect(world.asked).toContain(facetsOf("")));
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(world.cancelled).toContain(facetsOf("")));

    await userEvent.click(screen.getByRole("button", { name: "Failed" }));
    await openFilter("All actions");
    await waitFor(() => expect(world.asked).toContain(facetsOf("?success_filter=failure")));
    act(() => window.history.back());
    await waitFor(() => expect(world.cancelled).toContain(facetsOf("?success_filter=failure")));
  });

  it("include those that occur without being in the catalogue", async () => {
    await worldWithActions().openLive();
    const panel = await openFilter("All actions");
    const group = within(await panel.findByRole("group", { name: "Not in the catalogue" }));
    await userEvent.click(group.getByRole("checkbox", { name: "Parcel sent 7" }));
    expect(new URLSearchParams(window.location.search).get("action_filter")).toBe("parcel_sent");
  });

  it("can be chosen though they cannot be counted", async () => {
    const world = worldWithActions();
    world.handlers["GET /api/admin/activity/facets"] = () => refused(503, "The server is busy");
    await world.openLive();
    const panel = await openFilter("All actions");
    expect(await panel.findByRole("checkbox", { name: "User login" })).toBeVisible();
    expect(screen.queryByText("The server is busy")).not.toBeInTheDocument();
  });
});
