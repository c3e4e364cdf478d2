import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { Alert } from "../api/types";
import { FakeEventSource } from "../test/fake-event-source";
import { activity, alert, failure, list, rule, timeline } from "../test/sample";
import { ok, refused, World } from "../test/world";

const params = () => Object.fromEntries(new URLSearchParams(window.location.search));
const rows = () =>
  within(screen.getByRole("table", { name: "Alerts" }))
    .getAllByRole("row")
    .slice(1);
const titles = () => rows().map((row) => /\((\d+)\)/.exec(row.textContent ?? "")?.[1]);
const raise = (...alerts: Alert[]) =>
  act(() => {
    for (const data of alerts) FakeEventSource.last.send({ type: "alert", data }, "");
  });
const drawer = () => screen.findByRole("dialog");
const dismissBusyReader = () => userEvent.unhover(document.body);

describe("the entry of the alerts", () => {
  it("says beside every page how many are open, and moves with the stream", async () => {
    const world = new World();
    world.alerts = [alert(1), alert(2, { state: "resolved" })];
    await world.openLive();
    const entry = await screen.findByRole("link", { name: "Alerts 1 open" });
    expect(entry).toHaveAttribute("href", "/alerts");
    expect(world.asked).toContain("GET /api/admin/alerts?state=open&limit=1");
    world.alerts = [alert(1), alert(3)];
    raise(alert(3));
    expect(await screen.findByRole("link", { name: "Alerts 2 open" })).toBeVisible();
  });

  it("is without a number where none is open, or where that cannot be known", async () => {
    const world = new World();
    world.handlers["GET /api/admin/alerts"] = () => refused(404, "Nothing here");
    await world.openLive();
    await waitFor(() => expect(world.askedFor("/api/admin/alerts")).not.toEqual([]));
    expect(screen.getByRole("link", { name: "Alerts" })).toBeVisible();
  });
});

describe("the notice of an alert beside the log", () => {
  it("is one that is updated in place, and leads to its alert", async () => {
    const world = new World();
    world.page = list([activity(1)]);
    await world.openLive();
    raise(alert(1, { group: { user_id: "ada" } }));
    const notice = await screen.findByRole("region", { name: "New alert" });
    await waitFor(() => expect(notice).toHaveTextContent("user ada"));
    raise(alert(1, { group: { user_id: "ada" }, count: 150 }));
    await waitFor(() => expect(notice).toHaveTextContent("×150"));
    expect(screen.getAllByRole("region", { name: "New alert" })).toHaveLength(1);
    expect(notice.closest("main")).toBeNull();
    world.alerts = [alert(1)];
    await userEvent.click(within(notice).getByRole("link", { name: "Show" }));
    expect(
      await screen.findByRole("heading", { name: "Many failed sign-ins of one user (1)" }),
    ).toBeVisible();
    expect(window.location.pathname).toBe("/alerts");
  });

  it("leaves the page alone when a frame is of no kind that it knows", async () => {
    const world = new World();
    world.page = list([activity(1)]);
    const stream = await world.openLive();
    for (const data of [
      undefined,
      null,
      7,
      "alert",
      {},
      { id: "x", title: "y" },
      { ...alert(5), group: null },
    ]) {
      act(() => stream.send({ type: "alert", data }, ""));
    }
    act(() => stream.send({ type: "from_the_future", data: {} }, ""));
    stream.push(activity(2));
    await waitFor(() => expect(document.querySelector('[data-activity="id-2"]')).toBeVisible());
    expect(screen.queryByText(/cannot be shown/)).not.toBeInTheDocument();
  });
});

describe("the list of alerts", () => {
  it("has a line for each, the newest first, in words", async () => {
    const world = new World();
    world.alerts = [
      alert(2, { severity: "critical", late: true, ongoing: true, count: 1_204 }),
      alert(1, { state: "acknowledged", group: {}, tenant_id: "acme" }),
    ];
    await world.openLive("/alerts");
    await screen.findByRole("table", { name: "Alerts" });
    expect(titles()).toEqual(["2", "1"]);
    expect(rows()[0]).toHaveTextContent(/^Critical:.*late.*user u-1, 203.0.113.71,204ongoing · .*Open$/);
    expect(rows()[1]).toHaveTextContent(/tenant acme.*Acknowledged$/);
    expect(document.title).toBe("Alerts · Livetrail");
    expect(screen.getByText("These are all.")).toBeVisible();
  });

  it("is filtered by state, severity and rule, in the address too", async () => {
    const world = new World();
    world.rules = [rule()];
    await world.openLive("/alerts");
    await userEvent.click(screen.getByRole("button", { name: "Open" }));
    await userEvent.selectOptions(screen.getByRole("combobox", { name: "Severity" }), "Critical");
    await screen.findByRole("option", { name: "Many failed sign-ins of one user" });
    await userEvent.selectOptions(
      screen.getByRole("combobox", { name: "Rule" }),
      "Many failed sign-ins of one user",
    );
    const filter = { state: "open", severity: "critical", rule: "failed-sign-ins" };
    await waitFor(() => expect(params()).toEqual(filter));
    const query = new URLSearchParams({ ...filter, limit: "50" });
    await waitFor(() => expect(world.asked).toContain(`GET /api/admin/alerts?${query}`));
    await userEvent.click(await screen.findByRole("button", { name: "Show all alerts" }));
    await waitFor(() => expect(params()).toEqual({}));
  });

  it("goes on by the cursor when its end comes into sight, and says when that fails", async () => {
    const world = new World();
    let isAway = true;
    world.handlers["GET /api/admin/alerts"] = (url) => {
      if (url.searchParams.get("limit") === "1") return ok({ data: [], next_cursor: null, open: 0 });
      if (url.searchParams.get("cursor") === null) {
        return ok({ data: [alert(2)], next_cursor: "after-2", open: 0 });
      }
      return isAway
        ? refused(422, "The cursor is of another list")
        : ok({ data: [alert(1)], next_cursor: null, open: 0 });
    };
    await world.openLive("/alerts");
    expect(await screen.findByText(/The cursor is of another list/)).toBeVisible();
    expect(titles()).toEqual(["2"]);
    isAway = false;
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(titles()).toEqual(["2", "1"]));
    expect(screen.getByText("These are all.")).toBeVisible();
  });

  it("lets a new alert in at the top, and changes a known one in its place", async () => {
    const world = new World();
    world.alerts = [alert(2), alert(1)];
    await world.openLive("/alerts");
    await screen.findByRole("table", { name: "Alerts" });
    await dismissBusyReader();
    raise(alert(3), alert(1, { count: 99, state: "acknowledged" }));
    await waitFor(() => expect(titles()).toEqual(["3", "2", "1"]));
    expect(rows()[2]).toHaveTextContent(/99.*Acknowledged/);
  });

  it("keeps its rows still while one is read, and lets the new ones in by the pill", async () => {
    const world = new World();
    world.alerts = [alert(1)];
    await world.openLive("/alerts?alert=alert-1");
    await drawer();
    raise(alert(2), alert(2, { count: 11 }), alert(3));
    const pill = await screen.findByRole("button", { name: "2 newer" });
    expect(titles()).toEqual(["1"]);
    await userEvent.click(pill);
    await waitFor(() => expect(titles()).toEqual(["3", "2", "1"]));
  });

  it("keeps an alert in its row when it no longer matches the filter", async () => {
    const world = new World();
    world.alerts = [alert(1)];
    await world.openLive("/alerts?state=open");
    await screen.findByRole("table", { name: "Alerts" });
    raise(alert(1, { state: "resolved" }), alert(2, { state: "resolved" }));
    await waitFor(() => expect(rows()[0]).toHaveTextContent("Resolved"));
    expect(titles()).toEqual(["1"]);
  });

  it("asks anew after its stream was cut, since no alert is sent twice", async () => {
    const world = new World();
    await world.openLive("/alerts");
    expect(await screen.findByText("No rule has raised an alert")).toBeVisible();
    world.alerts = [alert(1)];
    act(() => FakeEventSource.last.breakOff());
    act(() => FakeEventSource.last.connect());
    await waitFor(() => expect(titles()).toEqual(["1"]));
  });

  it("says what went wrong, and what in the address it cannot follow", async () => {
    const world = new World();
    world.handlers["GET /api/admin/alerts"] = () => refused(503, "The database is away");
    world.open("/alerts?severity=loud&limit=3");
    expect(await screen.findByText("The database is away")).toBeVisible();
    expect(screen.getByText("severity=loud")).toBeVisible();
    expect(screen.getByText("limit=3")).toBeVisible();
  });
});

describe("an open alert", () => {
  function worldWithAlert(over: Partial<Alert> = {}): World {
    const world = new World();
    world.alerts = [alert(3, { count: 2, ...over }), alert(2), alert(1)];
    world.rules = [rule()];
    world.page = list([failure(1), failure(3, { user_display_name: "Ada Lovelace" })]);
    world.timeline = timeline([
      [0, 1],
      [0, 1],
    ]);
    return world;
  }

  it("shows what the rule looks for, its activities and when they happened", async () => {
    const world = worldWithAlert();
    await world.openLive("/alerts?alert=alert-3");
    const dialog = within(await drawer());
    expect(await dialog.findByText("10 or more activities of one user within 10 minutes.")).toBeVisible();
    expect(await dialog.findByText("raised it")).toBeVisible();
    expect(dialog.getByText("Ada Lovelace")).toBeVisible();
    expect(world.asked).toContain(
      "GET /api/admin/activity?user_id=u-1&date_from=1800000000&date_to=1800000600&limit=100&sort_by=timestamp&sort_order=asc&stats=false",
    );
    expect(dialog.getByRole("link", { name: "Show all in the log" })).toHaveAttribute(
      "href",
      "/admin/activity?user_id=u-1&date_from=1800000000&date_to=1800000600",
    );
    expect(dialog.getByRole("link", { name: /signed in \(3\)/ })).toHaveAttribute(
      "href",
      "/admin/activity?user_id=u-1&date_from=1800000000&date_to=1800000600&activity=id-3",
    );
    await userEvent.click((await dialog.findAllByRole("option", { name: /1 failed/ }))[0] as HTMLElement);
    expect(window.location.pathname).toBe("/admin/activity");
    expect(params()).toMatchObject({ user_id: "u-1", date_from: "1800000000", date_to: "1800000059" });
  });

  it("says a hostile text of two kilobytes as it is, and does nothing else", async () => {
    const id = `<img src=x onerror=alert(1)><script>alert(1)</script>\u202E${"x".repeat(2_000)}`;
    const world = worldWithAlert({ title: id, group: { user_id: id }, decided_by: id, reason: id });
    await world.openLive("/alerts?alert=alert-3");
    const dialog = await drawer();
    const seen = id.replace("\u202E", "U+202E");
    expect(within(dialog).getByRole("heading", { level: 2 })).toHaveTextContent(seen);
    expect(
      within(dialog)
        .getAllByRole("definition")
        .map((each) => each.textContent),
    ).toContain(seen);
    expect(rows()[0]).toHaveTextContent(`user ${seen}`);
    expect(document.querySelector("main img, main script, dialog img, dialog script")).toBeNull();
  });

  it("is acknowledged with a reason, resolved and muted by an admin", async () => {
    const world = worldWithAlert();
    const bodies: unknown[] = [];
    const decide = (over: Partial<Alert>) => (_: URL, init: RequestInit) => {
      bodies.push(JSON.parse(String(init.body)));
      return ok(alert(3, { decided_by: "The Admin", decided_at: new Date().toISOString(), ...over }));
    };
    const path = "POST /api/admin/alerts/alert-3";
    world.handlers[`${path}/acknowledge`] = decide({ state: "acknowledged", reason: "a drill" });
    world.handlers[`${path}/resolve`] = decide({ state: "resolved" });
    const until = new Date(Date.now() + 3_600_000).toISOString();
    world.handlers[`${path}/mute`] = decide({ state: "acknowledged", muted_until: until });
    await world.openLive("/alerts?alert=alert-3");
    const dialog = within(await drawer());
    await userEvent.type(dialog.getByRole("textbox", { name: "Reason" }), "  a drill ");
    await userEvent.click(dialog.getByRole("button", { name: "Acknowledge" }));
    expect(await dialog.findByText("a drill")).toBeVisible();
    expect(dialog.getByRole("textbox", { name: "Reason" })).toHaveValue("");
    expect(rows()[0]).toHaveTextContent("Acknowledged");
    await userEvent.click(dialog.getByRole("button", { name: "Mute 1 h" }));
    expect(await dialog.findByRole("button", { name: "End mute" })).toBeVisible();
    await userEvent.click(dialog.getByRole("button", { name: "Resolve" }));
    await waitFor(() => expect(rows()[0]).toHaveTextContent("Resolved"));
    expect(bodies).toEqual([{ reason: "a drill" }, { until: expect.stringMatching(/Z$/) }, {}]);
    const [, mute] = bodies as { until: string }[];
    expect((Date.parse(mute?.until ?? "") - Date.now()) / 60_000).toBeCloseTo(60, 0);
  });

  it("says when a decision was not saved, and keeps the reason", async () => {
    const world = worldWithAlert();
    world.handlers["POST /api/admin/alerts/alert-3/resolve"] = () => refused(503, "The database is away");
    await world.openLive("/alerts?alert=alert-3");
    const dialog = within(await drawer());
    await userEvent.type(dialog.getByRole("textbox", { name: "Reason" }), "a drill");
    await userEvent.click(dialog.getByRole("button", { name: "Resolve" }));
    expect(await dialog.findByText("The database is away")).toBeVisible();
    expect(dialog.getByRole("textbox", { name: "Reason" })).toHaveValue("a drill");
  });

  it("has nothing to decide for a viewer", async () => {
    const world = worldWithAlert();
    world.session = { ...world.session, role: "viewer" };
    await world.openLive("/alerts?alert=alert-3");
    const dialog = within(await drawer());
    expect(await dialog.findByText("raised it")).toBeVisible();
    expect(dialog.queryByRole("textbox")).not.toBeInTheDocument();
    expect(dialog.queryByRole("button", { name: /Acknowledge|Resolve|Mute/ })).not.toBeInTheDocument();
  });

  it("moves along the rows by j and k, and closes by Escape, which leads back to the row", async () => {
    await worldWithAlert().openLive("/alerts");
    await screen.findByRole("table", { name: "Alerts" });
    await userEvent.click(within(rows()[1] as HTMLElement).getByRole("button"));
    await waitFor(() => expect(params()).toEqual({ alert: "alert-2" }));
    await userEvent.keyboard("j");
    await waitFor(() => expect(params()).toEqual({ alert: "alert-1" }));
    await userEvent.keyboard("kk");
    await waitFor(() => expect(params()).toEqual({ alert: "alert-3" }));
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(params()).toEqual({}));
    expect(rows()[0]).toContainElement(document.activeElement as HTMLElement);
  });

  it("opens by its address though no list has it, and says so where it is gone", async () => {
    const world = worldWithAlert();
    world.handlers["GET /api/admin/alerts/alert-99"] = () => ok(alert(99));
    world.handlers["GET /api/admin/alerts/alert-98"] = () => refused(404, "There is no such alert");
    await world.openLive("/alerts?alert=alert-99");
    expect(await screen.findByRole("heading", { name: /\(99\)/ })).toBeVisible();
    act(() => window.history.pushState(null, "", "/alerts?alert=alert-98"));
    expect(await within(await drawer()).findByText("There is no such alert")).toBeVisible();
  });

  it("shows positions where no filter says which activities it has", async () => {
    const world = worldWithAlert({ activities: "", positions: [7, 1_200], count: 2 });
    await world.openLive("/alerts?alert=alert-3");
    expect(await screen.findByText("7 · 1,200")).toBeVisible();
    expect(world.askedFor("/api/admin/activity")).toEqual([]);
    expect(screen.queryByRole("link", { name: "Show all in the log" })).not.toBeInTheDocument();
  });
});
