import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { activity, list, stats } from "../test/sample";
import { refused, World } from "../test/world";

const button = () => screen.getByRole("button", { name: "Export" });
const openMenu = async () => {
  await waitFor(() => expect(button()).toBeEnabled());
  await userEvent.click(button());
  return within(await screen.findByRole("dialog", { name: "Export" }));
};

describe("an export", () => {
  it("is a link to what the list shows, with its filters and its order, on all pages", async () => {
    const world = new World();
    world.page = list([activity(1)], { page: 2 });
    world.stats = stats({ total_logs: 41 });
    await world.openLive("/admin/activity?success_filter=failure&q=ada&sort_by=duration_ms&page=2&limit=20");
    const menu = await openMenu();
    expect(await menu.findByText("41 rows")).toBeVisible();
    const csv = menu.getByRole("link", { name: /^CSV/ });
    expect(csv).toHaveAttribute("download");
    expect(csv).toHaveAttribute(
      "href",
      "/api/admin/activity/export?q=ada&success_filter=failure&format=csv&sort_by=duration_ms&sort_order=desc",
    );
    const ndjson = menu.getByRole("link", { name: /^NDJSON/ });
    expect(ndjson.getAttribute("href")).toContain("format=ndjson");
  });

  it("says how many rows it will be, as more of them arrive", async () => {
    const world = new World();
    world.page = list([activity(1)]);
    const stream = await world.openLive();
    const menu = await openMenu();
    expect(await menu.findByText("1 row")).toBeVisible();
    stream.push(activity(2));
    expect(await menu.findByText("2 rows")).toBeVisible();
  });

  it("closes its menu once a form was chosen", async () => {
    const world = new World();
    world.page = list([activity(1)]);
    await world.openLive();
    const link = (await openMenu()).getByRole("link", { name: /^CSV/ });
    link.addEventListener("click", (event) => event.preventDefault());
    await userEvent.click(link);
    expect(screen.queryByRole("dialog", { name: "Export" })).not.toBeInTheDocument();
    expect(button()).toHaveFocus();
  });

  it("is not to be had of nothing, and says so", async () => {
    await new World().openLive("/admin/activity?q=nobody");
    expect(button()).toHaveAttribute("aria-disabled", "true");
    expect(button()).toHaveAccessibleDescription("Nothing to export: no activity matches");
    await userEvent.click(button());
    expect(screen.queryByRole("dialog", { name: "Export" })).not.toBeInTheDocument();
  });

  it("is not to be had where the list is refused", async () => {
    const world = new World();
    world.handlers["GET /api/admin/activity"] = () => refused(422, "ip: neither an address nor a CIDR");
    world.open("/admin/activity?ip=nonsense");
    await screen.findByText("ip: neither an address nor a CIDR");
    expect(button()).toHaveAttribute("aria-disabled", "true");
  });
});
