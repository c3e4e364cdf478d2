import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { SavedView } from "../api/types";
import { activity, list } from "../test/sample";
import { ok, refused, World } from "../test/world";

const VIEWS = "/api/admin/views";

function savedView(over: Partial<SavedView> = {}): SavedView {
  return {
    id: "v-1",
    name: "Slow payouts",
    query: "q=payout&sort_by=duration_ms",
    shared: false,
    is_default: false,
    is_own: true,
    created_by: "livetrail-admin",
    created_at: "2026-11-30T12:00:00Z",
    updated_at: "2026-11-30T12:00:00Z",
    ...over,
  };
}

/** A server that keeps what is saved. */
function worldWith(...views: SavedView[]): World & { bodies: unknown[] } {
  const world = Object.assign(new World(), { bodies: [] as unknown[] });
  world.page = list([activity(1)]);
  world.views = views;
  world.handlers[`POST ${VIEWS}`] = (_, { body }) => {
    const wanted = JSON.parse(String(body));
    world.bodies.push(wanted);
    const view = savedView({ ...wanted, id: `v-${world.views.length + 1}` });
    world.views = [...world.views, view];
    return { status: 201, body: view };
  };
  world.handlers[`PUT ${VIEWS}/v-1`] = (_, { body }) => {
    world.bodies.push(JSON.parse(String(body)));
    return ok(world.views[0]);
  };
  world.handlers[`DELETE ${VIEWS}/v-1`] = () => {
    world.views = [];
    return { status: 204 };
  };
  return world;
}

const views = async () => within(await screen.findByRole("list", { name: "Views" }));
const dialog = async (name: string) => within(await screen.findByRole("dialog", { name }));

describe("the views", () => {
  it("are those that every log has, and the saved ones by name, each with a link of its own", async () => {
    await worldWith(savedView(), savedView({ id: "v-2", name: "Ada" })).openLive();
    const links = await (await views()).findAllByRole("link", { name: /Slow payouts|Ada/ });
    expect(links.map(({ textContent }) => textContent)).toEqual(["Ada", "Slow payouts"]);
    expect(links[1]).toHaveAttribute("href", "/admin/activity?q=payout&sort_by=duration_ms");
    expect((await views()).getByRole("link", { name: /Admin actions/ })).toHaveAttribute(
      "href",
      expect.stringMatching(/is_admin=true&resource_type=%21livetrail&date_from=\d+$/),
    );
  });

  it("show what they say, and which of them is shown", async () => {
    const world = worldWith(savedView());
    await world.openLive();
    const link = await (await views()).findByRole("link", { name: /Slow payouts/ });
    expect(link).not.toHaveAttribute("aria-current");
    await userEvent.click(link);
    await waitFor(() => expect(link).toHaveAttribute("aria-current", "true"));
    expect(window.location.search).toBe("?q=payout&sort_by=duration_ms");
    await waitFor(() => expect(world.asked.some((call) => call.includes("q=payout"))).toBe(true));
  });

  it("are saved from what is shown, by a name", async () => {
    const world = worldWith();
    world.open("/admin/activity?q=ada&page=2");
    await userEvent.click(await screen.findByRole("button", { name: "Save view…" }));
    const form = await dialog("Save view");
    expect(form.getByLabelText("Name")).toHaveFocus();
    await userEvent.type(form.getByLabelText("Name"), "About Ada");
    await userEvent.click(form.getByLabelText("Open Livetrail with this view"));
    await userEvent.click(form.getByRole("button", { name: "Save" }));
    expect(await (await views()).findByRole("link", { name: /About Ada/ })).toBeVisible();
    expect(screen.queryByRole("dialog", { name: "Save view" })).not.toBeInTheDocument();
    expect(world.bodies).toEqual([{ name: "About Ada", query: "q=ada", shared: false, is_default: true }]);
    const kept = JSON.parse(localStorage.getItem("livetrail-default-view") ?? "null");
    expect(kept).toEqual({ user: "livetrail-admin", query: "q=ada" });
  });

  it("are renamed, replaced by what is shown, and removed", async () => {
    const world = worldWith(savedView());
    await world.openLive("/admin/activity?q=ada");
    await userEvent.click(await screen.findByRole("button", { name: "Edit Slow payouts" }));
    const form = await dialog("Edit view");
    await userEvent.type(form.getByLabelText("Name"), " 2");
    await userEvent.click(form.getByLabelText("Replace its filters with what is shown now"));
    await userEvent.click(form.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(world.bodies).toEqual([{ name: "Slow payouts 2", query: "q=ada" }]));
    await userEvent.click(await screen.findByRole("button", { name: "Edit Slow payouts" }));
    await userEvent.click((await dialog("Edit view")).getByRole("button", { name: "Remove" }));
    await waitFor(() => expect(screen.queryByRole("link", { name: /Slow payouts/ })).not.toBeInTheDocument());
  });

  it("of others cannot be edited without being an admin, and none can be shared", async () => {
    const world = worldWith(
      savedView({ is_own: false, shared: true }),
      savedView({ id: "v-2", name: "Mine" }),
    );
    world.session = { ...world.session, role: "viewer" };
    await world.openLive();
    await userEvent.click(await screen.findByRole("button", { name: "Edit Mine" }));
    expect(screen.queryByRole("button", { name: "Edit Slow payouts" })).not.toBeInTheDocument();
    expect((await dialog("Edit view")).getByLabelText(/^Share/)).toBeDisabled();
  });

  it("say why one was not saved, and keep what was typed", async () => {
    const world = worldWith();
    world.handlers[`POST ${VIEWS}`] = () => refused(409, "You have 200 views");
    await world.openLive();
    await userEvent.click(await screen.findByRole("button", { name: "Save view…" }));
    const form = await dialog("Save view");
    await userEvent.type(form.getByLabelText("Name"), "One more");
    await userEvent.click(form.getByRole("button", { name: "Save" }));
    expect(await form.findByRole("alert")).toHaveTextContent("You have 200 views");
    expect(form.getByLabelText("Name")).toHaveValue("One more");
  });

  it("show invisible characters of a name, and need no server to show those of every log", async () => {
    const world = worldWith(savedView({ name: "a\u202egpj.exe" }));
    await world.openLive();
    expect(await (await views()).findByText("U+202E")).toBeVisible();
  });

  it("that every log has need no server, and the others say why they are missing", async () => {
    const world = worldWith();
    world.handlers[`GET ${VIEWS}`] = () => refused(500, "not available");
    await world.openLive();
    expect((await views()).getByRole("link", { name: /Failed sign-ins/ })).toBeVisible();
    expect(await screen.findByText("Views not read:", { exact: false })).toHaveTextContent("not available");
  });

  it("are counted when the reader looks at them, and not by a page that is only open", async () => {
    const world = worldWith(savedView());
    await world.openLive();
    const counts = () =>
      world.askedFor("/api/admin/activity/stats").filter((call) => call.includes("q=payout"));
    const link = await (await views()).findByRole("link", { name: "Slow payouts" });
    expect(counts()).toEqual([]);
    await userEvent.hover(link);
    expect(await (await views()).findByRole("link", { name: "Slow payouts : 1" })).toBeVisible();
    expect(counts()).toEqual(["GET /api/admin/activity/stats?q=payout"]);
    await userEvent.unhover(link);
    expect(link).toHaveAccessibleName("Slow payouts : 1");
  });
});
