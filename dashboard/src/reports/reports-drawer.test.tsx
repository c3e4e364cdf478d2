import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { activity, list } from "../test/sample";
import { ok, refused, World } from "../test/world";

const SINCE = 1_800_000_000;
const report = (data: unknown[]) =>
  ok({ success: true, report: "any", since: new Date(SINCE * 1_000).toISOString(), data });
const params = () => Object.fromEntries(new URLSearchParams(window.location.search));

const ATTEMPTS = {
  user_id: "u-1",
  user_email: "ada@example.org",
  user_display_name: "Ada Lovelace",
  ip_address: "203.0.113.7",
  attempts: 12,
  first_at: "2027-01-15T08:00:00.000000Z",
  last_at: "2027-01-15T08:05:00.000000Z",
};

function worldWithReports() {
  const world = new World();
  world.page = list([activity(1)]);
  world.handlers["GET /api/admin/reports/failed_logins"] = () => report([ATTEMPTS]);
  world.handlers["GET /api/admin/reports/endpoint_performance"] = () =>
    report([
      { endpoint: "/api/chat", avg_ms: 1_234.5, max_ms: 9_000, requests: 1_500, success_rate: 98.5 },
      { endpoint: null, avg_ms: null, max_ms: null, requests: 3, success_rate: 100 },
    ]);
  world.handlers["GET /api/admin/reports/admin_audit"] = () => report([activity(7, { is_admin: true })]);
  world.handlers["GET /api/admin/activity/id-7"] = () => ok(activity(7));
  return world;
}

const drawer = async () => within(await screen.findByRole("dialog", { name: "Reports" }));

describe("the reports", () => {
  it("open beside the list with the failed logins, each of which leads to its attempts", async () => {
    const world = worldWithReports();
    await world.openLive("/admin/activity?q=something&page=2");
    await userEvent.click(screen.getByRole("button", { name: "Reports" }));
    const reports = await drawer();
    const row = await reports.findByRole("row", { name: /^Ada Lovelace ada@example.org 203.0.113.7 12 / });
    expect(world.asked).toContain("GET /api/admin/reports/failed_logins?window=24h");
    await userEvent.click(within(row).getByRole("button"));
    await waitFor(() =>
      expect(params()).toEqual({
        action_filter: "user_login,login",
        success_filter: "failure",
        user_id: "u-1",
        ip: "203.0.113.7",
        date_from: String(SINCE),
      }),
    );
    expect(screen.queryByRole("dialog", { name: "Reports" })).not.toBeInTheDocument();
  });

  it("are a link that a colleague can open, with the window that was chosen", async () => {
    const world = worldWithReports();
    await world.openLive("/admin/activity?report=endpoint_performance&window=7d");
    const reports = await drawer();
    const table = await reports.findByRole("table", { name: "Endpoints" });
    expect(world.asked).toContain("GET /api/admin/reports/endpoint_performance?window=7d");
    expect(within(table).getByRole("row", { name: "/api/chat 1.2 s 9 s 1,500 98.5%" })).toBeVisible();
    await userEvent.selectOptions(reports.getByRole("combobox", { name: "Window" }), "Last hour");
    await waitFor(() => expect(params()).toEqual({ report: "endpoint_performance", window: "1h" }));
    await waitFor(() =>
      expect(world.asked).toContain("GET /api/admin/reports/endpoint_performance?window=1h"),
    );
  });

  it("lead nowhere from what has no endpoint", async () => {
    await worldWithReports().openLive("/admin/activity?report=endpoint_performance");
    const table = await (await drawer()).findByRole("table", { name: "Endpoints" });
    const row = within(table).getByRole("row", { name: "No endpoint – – 3 100%" });
    expect(within(row).queryByRole("button")).not.toBeInTheDocument();
  });

  it("look back as far as each of them does by itself, and lead to one activity", async () => {
    const world = worldWithReports();
    await world.openLive("/admin/activity?report=failed_logins");
    const reports = await drawer();
    await userEvent.click(reports.getByRole("button", { name: "Admin audit" }));
    const table = await reports.findByRole("table", { name: "Admin audit" });
    expect(world.asked).toContain("GET /api/admin/reports/admin_audit?window=7d");
    await userEvent.click(within(table).getByRole("button", { name: /signed in \(7\)/ }));
    expect(await screen.findByRole("heading", { name: "Ada Lovelace signed in (7)" })).toBeVisible();
    expect(params()).toEqual({ activity: "id-7" });
  });

  it("lead to everything that they are about", async () => {
    await worldWithReports().openLive("/admin/activity?report=admin_audit");
    await userEvent.click(await (await drawer()).findByRole("button", { name: "All in the list" }));
    await waitFor(() => expect(params()).toEqual({ is_admin: "true", date_from: String(SINCE) }));
  });

  it("say when there is nothing, and what went wrong", async () => {
    const world = worldWithReports();
    world.handlers["GET /api/admin/reports/failed_logins"] = () => report([]);
    world.handlers["GET /api/admin/reports/admin_audit"] = () => refused(503, "The database is away");
    await world.openLive("/admin/activity?report=failed_logins");
    const reports = await drawer();
    expect(await reports.findByText("Nobody failed to sign in three times or more.")).toBeVisible();
    await userEvent.click(reports.getByRole("button", { name: "Admin audit" }));
    expect(await reports.findByText("The database is away")).toBeVisible();
    expect(reports.getByRole("button", { name: "Try again" })).toBeVisible();
  });

  it("are closed by Escape", async () => {
    await worldWithReports().openLive("/admin/activity?report=failed_logins");
    await drawer();
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog", { name: "Reports" })).not.toBeInTheDocument());
    expect(params()).toEqual({});
  });
});
