import { fireEvent, screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { ActivityGroup, LogSession } from "../api/types";
import { activity, alert, failure, list } from "../test/sample";
import { ok, World } from "../test/world";

const GROUPS = "/api/admin/activity/groups";
const SESSIONS = "/api/admin/activity/sessions";

const group = (over: Partial<ActivityGroup> = {}): ActivityGroup => ({
  value: "u-1",
  tenant_id: null,
  label: null,
  count: 10,
  failed_count: 0,
  first_at: "2027-01-15T08:00:00Z",
  last_at: "2027-01-15T09:00:00Z",
  p95_duration_ms: null,
  ...over,
});

const groups = (...data: ActivityGroup[]) =>
  ok({ success: true, data, is_complete: true, is_exact: true, head_cursor: "head-1" });

const logSession = (over: Partial<LogSession> = {}): LogSession => ({
  session_id: "s-1",
  user_id: "u-1",
  user_email: null,
  user_display_name: "Ada Lovelace",
  tenant_id: null,
  is_admin: true,
  ip_address: "203.0.113.7",
  device: null,
  count: 2,
  failed_count: 1,
  first_at: "2027-01-15T08:00:00Z",
  last_at: "2027-01-15T08:10:00Z",
  ...over,
});

/** A server whose groups are these, by what they are grouped by. */
function worldWith(by: Record<string, ActivityGroup[]>): World {
  const world = new World();
  world.handlers[`GET ${GROUPS}`] = (url) => groups(...(by[url.searchParams.get("by") ?? ""] ?? []));
  return world;
}

const names = async (table: string) => {
  const rows = within(await screen.findByRole("table", { name: table }))
    .getAllByRole("row")
    .slice(1);
  return rows.map((row) => within(row).getByRole("link").textContent);
};

test("people are listed by how much they did, or by how much failed", async () => {
  const ada = group({ label: "Ada Lovelace" });
  const milo = group({ value: "a/b", count: 5, failed_count: 4 });
  worldWith({ user_id: [ada, milo] }).open("/admin/people");
  expect(await names("People")).toEqual(["Ada Lovelace", "a/b"]);
  expect(screen.getByRole("link", { name: "a/b" })).toHaveAttribute("href", "/admin/people/a%2Fb");
  fireEvent.click(screen.getByRole("button", { name: "Failed" }));
  expect(await names("People")).toEqual(["a/b", "Ada Lovelace"]);
  expect(screen.getByRole("columnheader", { name: "Failed" })).toHaveAttribute("aria-sort", "descending");
  expect(window.location.search).toContain("sort=failed");
});

test("a longer period is asked for and stands in the address", async () => {
  const world = worldWith({ network: [group({ value: "203.0.113.0/24" })] });
  world.open("/admin/networks");
  expect(await names("Networks")).toEqual(["203.0.113.0/24"]);
  fireEvent.click(screen.getByRole("button", { name: "All" }));
  await screen.findByRole("table", { name: "Networks" });
  expect(world.askedFor(GROUPS).at(-1)).not.toContain("date_from");
  expect(window.location.search).toContain("period=all");
});

test("resources are listed by type, and each type unfolds into its latest resources", async () => {
  const about = (n: number, id: string | null) =>
    activity(n, { resource_type: "document", target_resource_id: id });
  const world = worldWith({
    resource_type: [group({ value: null, count: 90 }), group({ value: "document", count: 7 })],
  });
  world.page = list([about(4, "a/b"), about(3, "c"), about(2, "a/b"), about(1, null)]);
  world.open("/admin/resources");
  expect(await names("Resources")).toEqual(["document"]);
  fireEvent.click(screen.getByRole("button", { name: "Latest resources of type document" }));
  const latest = await screen.findByRole("list", { name: "Latest resources of type document" });
  const links = await within(latest).findAllByRole("link");
  expect(links.map(({ textContent }) => textContent)).toEqual(["a/b", "c"]);
  expect(links[0]).toHaveAttribute("href", "/admin/resources/document/a%2Fb");
  expect(within(latest).getByText("2 activities")).toBeVisible();
  expect(screen.getByText("Among the newest 4 activities of this type.")).toBeVisible();
  const asked = new URLSearchParams(world.askedFor("/api/admin/activity").at(-1)?.split("?")[1]);
  expect([asked.get("resource_type"), asked.has("date_from")]).toEqual(["document", true]);
});

test("the page of a person says when, how much, and in which stretches nothing happened", async () => {
  const world = worldWith({ "": [group({ count: 1_234, failed_count: 1, p95_duration_ms: 250 })] });
  world.page = list([activity(9_000), failure(1)]);
  world.alerts = [alert(1), alert(2, { group: { user_id: "u-2" } })];
  world.open("/admin/people/u-1");
  expect(await screen.findByRole("heading", { level: 2, name: "u-1" })).toBeVisible();
  expect(await screen.findByText("1,234")).toBeVisible();
  expect(screen.getByText("250 ms")).toBeVisible();
  const steps = await screen.findByRole("list", { name: "Activities" });
  expect(await within(steps).findByText("2 h 29 min nothing")).toBeVisible();
  expect(within(steps).getByText("failed")).toBeVisible();
  expect(within(await screen.findByRole("list", { name: "Alerts" })).getAllByRole("listitem")).toHaveLength(
    1,
  );
  const days = await screen.findByRole("list", { name: "Activities of the last 30 days" });
  expect(within(days).getAllByRole("listitem")).toHaveLength(30);
});

test("what was done to a person is another list", async () => {
  const world = worldWith({ "": [group()] });
  world.open("/admin/people/a%2Cb?tenant_id=acme");
  fireEvent.click(await screen.findByRole("button", { name: "Was done to" }));
  await screen.findByRole("button", { name: "Was done to", pressed: true });
  const asked = new URLSearchParams(world.askedFor("/api/admin/activity").at(-1)?.split("?")[1]);
  expect([asked.get("target_user_id"), asked.get("tenant_id")]).toEqual(["a\\,b", "acme"]);
});

test("a person whom the log does not know has a page that says so", async () => {
  worldWith({}).open("/admin/people/nobody");
  expect(await screen.findByText("The log has nothing about it.")).toBeVisible();
});

test("the activities of a session are folded under it", async () => {
  const world = new World();
  world.page = list([activity(1)]);
  world.handlers[`GET ${SESSIONS}`] = () =>
    ok({ success: true, data: [logSession()], next_cursor: null, head_cursor: "head-1" });
  world.open("/admin/sessions");
  const fold = await screen.findByRole("button", { name: "Activities of session s-1" });
  expect(fold).toHaveAttribute("aria-expanded", "false");
  expect(world.askedFor("/api/admin/activity")).toEqual([]);
  fireEvent.click(fold);
  expect(await screen.findByText("Ada Lovelace signed in (1)")).toBeVisible();
  fireEvent.click(screen.getByRole("button", { name: "Admins" }));
  await screen.findByRole("button", { name: "Admins", pressed: true });
  expect(world.askedFor(SESSIONS).at(-1)).toContain("is_admin=true");
});

test("earlier sessions are asked for with the dates of the first answer", async () => {
  const world = new World();
  const pages = [
    { data: [logSession()], next_cursor: "next" },
    { data: [logSession({ session_id: "s-2" })], next_cursor: null },
  ];
  world.handlers[`GET ${SESSIONS}`] = (url) =>
    ok({ success: true, head_cursor: "head-1", ...pages[url.searchParams.has("cursor") ? 1 : 0] });
  world.open("/admin/sessions");
  fireEvent.click(await screen.findByRole("button", { name: "Earlier sessions" }));
  await screen.findByRole("button", { name: "Activities of session s-2" });
  const dates = world
    .askedFor(SESSIONS)
    .map((call) => new URLSearchParams(call.split("?")[1]).get("date_from"));
  expect(new Set(dates).size).toBe(1);
});
