import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { enter } from "../test/bar";
import { FakeIntersectionObserver } from "../test/fake-intersection-observer";
import { activity, alert, failure, list, timeline } from "../test/sample";
import { hideTab } from "../test/tab";
import { ok, refused, World } from "../test/world";

const START = 1_800_000_000;
const params = () => Object.fromEntries(new URLSearchParams(window.location.search));
const histogram = () => screen.findByRole("listbox", { name: "Activities over time" });
const bars = async () => within(await histogram()).getAllByRole("option");
/** Figures of these dates have no hour of their own, and what has an end is the period before. */
const OF = "date_from=1700000000";
const DATED = `/admin/activity?${OF}`;
const askedForTimeline = (world: World) =>
  world.asked.filter(
    (call) => call.includes("/timeline") && call.includes("buckets=100") && !call.includes("date_to"),
  );

function worldWithBars() {
  const world = new World();
  world.page = list([failure(3), activity(2), activity(1)]);
  world.timeline = timeline([
    [1, 0],
    [0, 0],
    [1, 1],
  ]);
  return world;
}

describe("the histogram", () => {
  it("has a bar for each bucket, which says its time and its counts", async () => {
    const world = worldWithBars();
    await world.openLive(`${DATED}&q=ada`);
    const [first, empty, last] = await bars();
    expect(first).toHaveAccessibleName(/: 1 activity$/);
    expect(empty).toHaveAccessibleName(/: 0 activities$/);
    expect(last).toHaveAccessibleName(/: 2 activities, 1 failed$/);
    expect(await histogram()).toHaveAccessibleDescription(/: 3 activities, 1 failed, in steps of 1 minute\./);
    expect(askedForTimeline(world)).toEqual([
      "GET /api/admin/activity/timeline?q=ada&date_from=1700000000&buckets=100",
    ]);
  });

  it("narrows the log to a bar that is clicked", async () => {
    await worldWithBars().openLive(`${DATED}&q=ada&page=2`);
    const last = (await bars())[2];
    if (last) await userEvent.click(last);
    await waitFor(() =>
      expect(params()).toEqual({ q: "ada", date_from: String(START + 120), date_to: String(START + 179) }),
    );
  });

  it("narrows the log to the bars that are dragged over", async () => {
    await worldWithBars().openLive(DATED);
    const plot = await histogram();
    vi.spyOn(plot, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, 300, 80));
    fireEvent.pointerDown(plot, { button: 0, clientX: 290 });
    fireEvent.pointerMove(plot, { clientX: 150 });
    expect(screen.getByText("2 activities")).toBeVisible();
    fireEvent.pointerUp(plot, { clientX: 150 });
    await waitFor(() =>
      expect(params()).toEqual({ date_from: String(START + 60), date_to: String(START + 179) }),
    );
  });

  it("leaves the log alone when a drag returns to where it began", async () => {
    await worldWithBars().openLive(DATED);
    const plot = await histogram();
    vi.spyOn(plot, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, 300, 80));
    fireEvent.pointerDown(plot, { button: 0, clientX: 290 });
    fireEvent.pointerMove(plot, { clientX: 150 });
    fireEvent.pointerMove(plot, { clientX: 290 });
    fireEvent.pointerUp(plot, { clientX: 290 });
    expect(params()).toEqual({ date_from: "1700000000" });
  });

  it("is one stop of Tab, at the latest bar; arrow keys and Enter choose", async () => {
    await worldWithBars().openLive(DATED);
    const [first, middle, last] = await bars();
    const plot = await histogram();
    const at = () => document.getElementById(plot.getAttribute("aria-activedescendant") ?? "");
    plot.focus();
    expect(at()).toBe(last);
    await userEvent.keyboard("{ArrowLeft}");
    expect(at()).toBe(middle);
    await userEvent.keyboard("{Home}");
    expect(at()).toBe(first);
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(params()).toEqual({ date_from: String(START), date_to: String(START + 59) }));
  });

  it("takes in more bars with Shift, and Escape lets them go", async () => {
    await worldWithBars().openLive(DATED);
    const [first, middle, last] = await bars();
    (await histogram()).focus();
    await userEvent.keyboard("{Shift>}{ArrowLeft}{/Shift}");
    expect([first, middle, last].map((bar) => bar?.ariaSelected)).toEqual(["false", "true", "true"]);
    await userEvent.keyboard("{Escape}");
    expect(middle).toHaveAttribute("aria-selected", "false");
    await userEvent.keyboard("{Shift>}{ArrowLeft}{/Shift}{Enter}");
    await waitFor(() => expect(params()).toEqual({ date_from: String(START), date_to: String(START + 119) }));
  });

  it("keeps the focus when other bars take the places of those that were narrowed to", async () => {
    const world = worldWithBars();
    await world.openLive(DATED);
    const plot = await histogram();
    plot.focus();
    const answer = world.timeline.buckets.slice(2).map((bucket) => ({ ...bucket, start: bucket.start + 1 }));
    world.timeline = { ...world.timeline, bucket_seconds: 1, buckets: answer };
    await userEvent.keyboard("{ArrowRight}{Enter}");
    await waitFor(async () => expect(await bars()).toHaveLength(1));
    expect(plot).toHaveFocus();
    expect(plot).toHaveAttribute("aria-activedescendant", (await bars())[0]?.id);
  });

  it("tells what a bar stands for when it is pointed at", async () => {
    await worldWithBars().openLive(DATED);
    const plot = await histogram();
    vi.spyOn(plot, "getBoundingClientRect").mockReturnValue(new DOMRect(0, 0, 300, 80));
    fireEvent.pointerMove(plot, { clientX: 250 });
    expect(screen.getByText("· 1 failed")).toBeVisible();
    fireEvent.pointerLeave(plot);
    expect(screen.queryByText("· 1 failed")).not.toBeInTheDocument();
  });

  it("grows with what the stream brings", async () => {
    vi.setSystemTime((START + 130) * 1_000);
    const stream = await worldWithBars().openLive(DATED);
    await bars();
    stream.push(failure(4, { timestamp: START + 130 }));
    await waitFor(async () => expect((await bars())[2]).toHaveAccessibleName(/: 3 activities, 2 failed$/));
  });
});

describe("the panel over the list", () => {
  it("folds away and stays so on the next visit; only the cards' lines are read then", async () => {
    localStorage.setItem("livetrail-timeline", "folded");
    const world = worldWithBars();
    await world.openLive(DATED);
    const fold = screen.getByRole("button", { name: "Over time", expanded: false });
    await waitFor(() => expect(askedForTimeline(world)).toHaveLength(1));
    expect(world.asked.some((call) => call.includes("/alerts?limit=100"))).toBe(false);
    await userEvent.click(fold);
    expect(await bars()).toHaveLength(3);
    expect(askedForTimeline(world)).toHaveLength(1);
    await userEvent.click(fold);
    expect(screen.queryByRole("group", { name: "Activities over time" })).not.toBeInTheDocument();
    expect(localStorage.getItem("livetrail-timeline")).toBe("folded");
  });

  it("says so when nothing matches", async () => {
    await new World().openLive("/admin/activity?q=nobody");
    expect(
      await screen.findByText("Nothing to show: no activity matches in the last 24 hours."),
    ).toBeVisible();
  });

  it("shows the server's words when it cannot be counted, and tries again", async () => {
    const world = worldWithBars();
    const answer = world.handlers["GET /api/admin/activity/timeline"];
    world.handlers["GET /api/admin/activity/timeline"] = () => refused(422, "buckets: too many");
    await world.openLive(DATED);
    expect(await screen.findByText("buckets: too many")).toBeVisible();
    world.handlers["GET /api/admin/activity/timeline"] = answer ?? (() => ok());
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await bars()).toHaveLength(3);
  });

  it("leaves it to the list to say why there is nothing", async () => {
    const world = new World();
    world.handlers["GET /api/admin/activity"] = () => refused(422, "ip: neither an address nor a CIDR");
    world.handlers["GET /api/admin/activity/timeline"] = () => refused(422, "the same again");
    world.open("/admin/activity?ip=nonsense");
    expect(await screen.findByText("ip: neither an address nor a CIDR")).toBeVisible();
    await waitFor(() => expect(screen.getAllByRole("button", { name: "Try again" })).toHaveLength(1));
  });

  it("is read when it comes on the screen, and not again for that", async () => {
    FakeIntersectionObserver.isOnScreen = false;
    const world = worldWithBars();
    await world.openLive(DATED);
    expect(askedForTimeline(world)).toEqual([]);
    FakeIntersectionObserver.scroll(true);
    expect(await bars()).toHaveLength(3);
    FakeIntersectionObserver.scroll(false);
    FakeIntersectionObserver.scroll(true);
    expect(await bars()).toHaveLength(3);
    expect(askedForTimeline(world)).toHaveLength(1);
  });

  it("is not read for a filter that is changed while it is out of sight", async () => {
    const world = worldWithBars();
    await world.openLive(DATED);
    await bars();
    FakeIntersectionObserver.scroll(false);
    await enter("result:failed");
    await waitFor(() => expect(params()).toMatchObject({ success_filter: "failure" }));
    expect(askedForTimeline(world)).toHaveLength(1);
    FakeIntersectionObserver.scroll(true);
    await waitFor(() => expect(askedForTimeline(world)).toHaveLength(2));
    expect(askedForTimeline(world).at(-1)).toContain("success_filter=failure");
  });

  it("is not read in the background", async () => {
    hideTab(true);
    const world = worldWithBars();
    await world.openLive(DATED);
    expect(askedForTimeline(world)).toEqual([]);
    hideTab(false);
    expect(await bars()).toHaveLength(3);
  });

  it("gives up the bars of a former filter", async () => {
    const world = worldWithBars();
    world.handlers["GET /api/admin/activity/timeline"] = () => new Promise<never>(() => undefined);
    await world.openLive(DATED);
    await waitFor(() => expect(askedForTimeline(world)).toHaveLength(1));
    await enter("result:failed");
    await waitFor(() =>
      expect(world.cancelled).toEqual(expect.arrayContaining(askedForTimeline(world).slice(0, 1))),
    );
  });

  it("is counted anew by Refresh", async () => {
    const world = worldWithBars();
    await world.openLive(DATED);
    await bars();
    world.timeline = timeline([[7, 0]]);
    await userEvent.click(screen.getByRole("button", { name: "Refresh" }));
    await waitFor(async () => expect(await bars()).toHaveLength(1));
  });
});

describe("what says whether it is normal", () => {
  const at = (call: string) => new URLSearchParams(call.split("?")[1]);

  it("is the period before as a line over the bars, asked for after them", async () => {
    // What has not happened yet has nothing before it.
    vi.setSystemTime((START + 300) * 1_000);
    const world = worldWithBars();
    const earlier = world.timeline.buckets.map((bucket) => ({ ...bucket, start: bucket.start - 180 }));
    world.handlers["GET /api/admin/activity/timeline"] = ({ searchParams }) =>
      ok(
        searchParams.get("date_from") === String(START)
          ? world.timeline
          : { ...world.timeline, buckets: earlier },
      );
    await world.openLive(`/admin/activity?date_from=${START}&date_to=${START + 179}`);
    await bars();
    await waitFor(() => expect(document.querySelector("[data-ghost]")).toBeInTheDocument());
    const [own, before] = world.asked.filter((call) => call.includes("buckets=100")).map(at);
    expect(own?.get("date_from")).toBe(String(START));
    expect([before?.get("date_from"), before?.get("date_to")]).toEqual([
      String(START - 180),
      String(START - 1),
    ]);
  });

  it("is a mark at each alert, which opens it", async () => {
    const world = worldWithBars();
    world.alerts = [alert(150, { severity: "critical", rule: "password-spraying" })];
    await world.openLive(DATED);
    const marks = within(await screen.findByRole("list", { name: "Alerts in this time" }));
    const mark = marks.getByRole("link", { name: /password spraying/i });
    expect(mark).toHaveAttribute("href", "/alerts?alert=alert-150");
  });

  it("goes without the marks where alerts cannot be read", async () => {
    const world = worldWithBars();
    world.handlers["GET /api/admin/alerts"] = () => refused(403, "not for you");
    await world.openLive(DATED);
    expect(await bars()).toHaveLength(3);
    expect(screen.queryByText(/not for you/)).not.toBeInTheDocument();
  });

  it("can be read as a table, the latest first", async () => {
    await worldWithBars().openLive(DATED);
    await bars();
    await userEvent.click(screen.getByRole("button", { name: "Table over time" }));
    const table = within(screen.getByRole("table", { name: /Activities over time/ }));
    const cells = table.getAllByRole("row").map((row) => row.textContent?.slice(-2));
    expect(cells.slice(1)).toEqual(["21", "00", "10"]);
  });
});
