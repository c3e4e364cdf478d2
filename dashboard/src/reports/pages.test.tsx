import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import type { FailedSignIns } from "../api/types";
import { activity, timeline } from "../test/sample";
import { type Answer, ok, refused, World } from "../test/world";

const REPORTS = "/api/admin/reports";
const SINCE = 1_800_000_000;
const TIMES = { first_at: "2027-01-15T08:00:00Z", last_at: "2027-01-15T08:05:00Z" };

const report = (data: unknown[], is_complete = true): Answer =>
  ok({ success: true, report: "any", since: new Date(SINCE * 1_000).toISOString(), is_complete, data });

const failures = (over: Partial<FailedSignIns>): FailedSignIns => ({
  user_id: null,
  user_email: null,
  user_display_name: null,
  tenant_id: null,
  network: null,
  attempts: 1,
  users: 1,
  networks: 1,
  ...TIMES,
  ...over,
});

const BY: Record<string, FailedSignIns[]> = {
  network: [
    failures({ network: "198.51.100.0/24", attempts: 9, users: 1 }),
    failures({ network: "203.0.113.0/24", attempts: 6, users: 6 }),
  ],
  user: [failures({ user_id: "u-1", user_display_name: "Ada Lovelace", attempts: 10, networks: 2 })],
  pair: [failures({ user_id: "a,b", tenant_id: "acme", network: "198.51.100.0/24", attempts: 9 })],
};

let world: World;
beforeEach(() => {
  world = new World();
  world.handlers[`GET ${REPORTS}/failed_sign_ins`] = (url) =>
    report(BY[url.searchParams.get("by") ?? ""] ?? []);
});

const table = async (name: string) => within(await screen.findByRole("table", { name }));
const link = (address: string | null) => Object.fromEntries(new URLSearchParams(address?.split("?")[1]));

test("one click shows who failed to sign in, from which networks, and the pairs of both", async () => {
  await world.openLive();
  fireEvent.click(screen.getByRole("link", { name: "Sign-in failures" }));
  const networks = await table("Failed sign-ins by network");
  const users = await table("Failed sign-ins by user");
  const pairs = await table("Failed sign-ins by user and network");
  expect(window.location.pathname).toBe("/admin/reports/failed_sign_ins");
  expect(users.getByRole("link", { name: "Ada Lovelace u-1" })).toBeVisible();
  expect(networks.getAllByRole("row")).toHaveLength(3);
  expect(pairs.getByRole("link", { name: "198.51.100.0/24" })).toBeVisible();
});

test("a network that tries many users once each comes first, and is marked", async () => {
  world.open("/admin/reports/failed_sign_ins");
  const [, first, second] = (await table("Failed sign-ins by network")).getAllByRole("row");
  expect(first).toHaveTextContent("203.0.113.0/24spraying?6");
  expect(second).not.toHaveTextContent("spraying?");
});

test("each value leads to its attempts in the log, within the window of the report", async () => {
  world.open("/admin/reports/failed_sign_ins?window=7d");
  const pairs = await table("Failed sign-ins by user and network");
  const common = { action_filter: "user_login,login", success_filter: "failure", date_from: String(SINCE) };
  expect(link(pairs.getByRole("link", { name: "a,b" }).getAttribute("href"))).toEqual({
    ...common,
    user_id: "a\\,b",
    tenant_id: "acme",
  });
  expect(link(pairs.getByRole("link", { name: "198.51.100.0/24" }).getAttribute("href"))).toEqual({
    ...common,
    user_id: "a\\,b",
    tenant_id: "acme",
    ip: "198.51.100.0/24",
  });
  expect(world.askedFor(`${REPORTS}/failed_sign_ins`)).toContain(
    `GET ${REPORTS}/failed_sign_ins?by=pair&window=7d&limit=1000`,
  );
});

test("the window and the order of each table stand in the address", async () => {
  world.open("/admin/reports/failed_sign_ins");
  const networks = await table("Failed sign-ins by network");
  fireEvent.click(networks.getByRole("button", { name: "Attempts" }));
  await waitFor(() => expect(window.location.search).toBe("?sort_network=attempts"));
  expect(networks.getAllByRole("row")[1]).toHaveTextContent("198.51.100.0/24");
  fireEvent.click(screen.getByRole("button", { name: "30 days" }));
  await waitFor(() => expect(window.location.search).toContain("window=30d"));
  await waitFor(() =>
    expect(world.askedFor(`${REPORTS}/failed_sign_ins`).at(-1)).toContain("window=30d&limit=1000"),
  );
});

test("a report is of dates that are chosen, which stand in the address", async () => {
  const [from, to] = [1_767_319_440, 1_767_326_640];
  world.open(`/admin/reports/failed_sign_ins?date_from=${from}&date_to=${to}`);
  const users = await table("Failed sign-ins by user");
  const asked = (path: string) => link(world.askedFor(path).at(-1) ?? "");
  const dates = { date_from: String(from), date_to: String(to) };
  expect(asked(`${REPORTS}/failed_sign_ins`)).toMatchObject(dates);
  expect(asked(`${REPORTS}/failed_sign_ins`)).not.toHaveProperty("window");
  expect(asked("/api/admin/activity/timeline")).toMatchObject(dates);
  expect(link(users.getByRole("link", { name: "Ada Lovelace u-1" }).getAttribute("href"))).toMatchObject(
    dates,
  );
  expect(screen.getByRole("button", { name: "Dates…" })).toHaveAttribute("aria-pressed", "true");
  fireEvent.change(screen.getByLabelText("From"), { target: { value: "2026-01-02T03:05" } });
  await waitFor(() => expect(window.location.search).toBe(`?date_from=1767319500&date_to=${to}`));
  fireEvent.change(screen.getByLabelText("To"), { target: { value: "" } });
  await waitFor(() => expect(window.location.search).toBe("?date_from=1767319500"));
  fireEvent.click(screen.getByRole("button", { name: "24 h" }));
  await waitFor(() => expect(window.location.search).toBe(""));
  fireEvent.click(screen.getByRole("button", { name: "Dates…" }));
  await waitFor(() => expect(window.location.search).toMatch(/^\?date_from=\d+$/));
});

test("a link with an end alone is of the time before it", async () => {
  world.open("/admin/reports/failed_sign_ins?date_to=1767326640&window=1h");
  await table("Failed sign-ins by user");
  expect(world.askedFor(`${REPORTS}/failed_sign_ins`).at(-1)).toContain("date_from=1767323040");
});

test("the rows are a file, and a bar of the chart leads to its time in the log", async () => {
  world.timeline = timeline([
    [3, 1],
    [5, 0],
  ]);
  world.handlers[`GET ${REPORTS}/failed_logins`] = () =>
    report([{ user_id: "u-1", ip_address: "203.0.113.7", attempts: 12, tenant_id: null, ...TIMES }]);
  world.open("/admin/reports/failed_logins");
  expect(await screen.findByRole("link", { name: "CSV" })).toHaveAttribute(
    "href",
    `${REPORTS}/failed_logins?window=24h&limit=1000&format=csv`,
  );
  const bars = within(await screen.findByRole("listbox", { name: "Activities over time" }));
  const [bar] = bars.getAllByRole("option");
  fireEvent.click(bar as HTMLElement);
  await waitFor(() => expect(window.location.pathname).toBe("/admin/activity"));
  expect(new URLSearchParams(window.location.search).get("action_filter")).toBe("user_login,login");
  expect(new URLSearchParams(window.location.search).has("date_to")).toBe(true);
});

test("a report that is cut says so", async () => {
  world.handlers[`GET ${REPORTS}/failed_sign_ins`] = () => report(BY.user ?? [], false);
  world.open("/admin/reports/failed_sign_ins");
  await waitFor(() => expect(screen.getAllByText(/^There are more/)).toHaveLength(3));
  expect(await screen.findByText("10+")).toBeVisible();
});

test("endpoints are listed with the slowest first; what has no endpoint leads nowhere", async () => {
  world.handlers[`GET ${REPORTS}/endpoint_performance`] = () =>
    report([
      { endpoint: null, avg_ms: null, max_ms: null, requests: 3, success_rate: 100 },
      { endpoint: "/a,b", avg_ms: 1_234.5, max_ms: 9_000, requests: 1_500, success_rate: 98.5 },
    ]);
  world.open("/admin/reports/endpoint_performance");
  const [, first, second] = (await table("Endpoints")).getAllByRole("row");
  expect(first).toHaveTextContent("/a,b1.2 s9 s1,50098.5%");
  expect(
    link(
      within(first as HTMLElement)
        .getByRole("link")
        .getAttribute("href"),
    ),
  ).toEqual({
    endpoint: "/a\\,b",
    date_from: String(SINCE),
  });
  expect(within(second as HTMLElement).queryByRole("link")).toBeNull();
});

test("the audit looks back for seven days, and leads to one activity or to all of them", async () => {
  world.handlers[`GET ${REPORTS}/admin_audit`] = () => report([activity(7, { is_admin: true })]);
  world.open("/admin/reports/admin_audit");
  const audit = await table("Admin audit");
  expect(world.askedFor(`${REPORTS}/admin_audit`)).toEqual([
    `GET ${REPORTS}/admin_audit?is_admin=true&action_filter=%21admin_view_activity_logs&window=7d&limit=200`,
  ]);
  const all = {
    is_admin: "true",
    action_filter: "!admin_view_activity_logs",
    date_from: String(SINCE),
  };
  expect(link(audit.getByRole("link", { name: /signed in \(7\)/ }).getAttribute("href"))).toEqual({
    ...all,
    activity: "id-7",
  });
  expect(link(screen.getByRole("link", { name: "All in the log" }).getAttribute("href"))).toEqual(all);
  fireEvent.click(screen.getByRole("button", { name: "With reads" }));
  await waitFor(() =>
    expect(world.askedFor(`${REPORTS}/admin_audit`).at(-1)).toContain("?is_admin=true&window=7d"),
  );
});

test("the activity of one user is asked for once the user is known", async () => {
  world.handlers[`GET ${REPORTS}/recent_activity`] = () => report([activity(3)]);
  world.open("/admin/reports/recent_activity");
  expect(await screen.findByText(/^Choose a user/)).toBeVisible();
  expect(world.askedFor(`${REPORTS}/recent_activity`)).toEqual([]);
  fireEvent.change(screen.getByRole("combobox", { name: "User id" }), { target: { value: "u-1" } });
  fireEvent.click(screen.getByRole("button", { name: "Show" }));
  await table("Recent activity");
  expect(window.location.search).toBe("?user_id=u-1");
});

test("a report says when there is nothing, and what went wrong", async () => {
  world.handlers[`GET ${REPORTS}/failed_logins`] = () => report([]);
  world.handlers[`GET ${REPORTS}/admin_audit`] = () => refused(422, "The window is not right");
  world.open("/admin/reports/failed_logins");
  expect(await screen.findByText("Nobody failed to sign in three times or more.")).toBeVisible();
  fireEvent.click(screen.getByRole("link", { name: "Admin audit" }));
  expect(await screen.findByText("The window is not right")).toBeVisible();
  expect(screen.getByRole("button", { name: "Try again" })).toBeVisible();
});

test("the address of the reports leads to the first one, and of an unknown report to none", async () => {
  world.open("/admin/reports");
  await table("Failed sign-ins by network");
  expect(window.location.pathname).toBe("/admin/reports/failed_sign_ins");
  world.open("/admin/reports/horoscope");
  expect(await screen.findByText("There is no page at this address")).toBeVisible();
});
