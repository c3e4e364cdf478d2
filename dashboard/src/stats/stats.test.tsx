import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { enter } from "../test/bar";
import { FakeEventSource } from "../test/fake-event-source";
import { activity, counted, failure, list, stats } from "../test/sample";
import { hideTab } from "../test/tab";
import { type Answer, ok, refused, World } from "../test/world";
import { BUILT_IN } from "../views/built-in";

const STATS = "/api/admin/activity/stats";
const LIST = "/api/admin/activity";
const cards = () => screen.getByLabelText("Statistics");
const values = () => [...cards().querySelectorAll("[data-value]")].map((value) => value.textContent);
/** Figures of these dates are those of the list; what has an end is the period before. Saved views have other dates. */
const OF = "date_from=1700000000";
const DATED = `/admin/activity?${OF}`;
const asked = (world: World) =>
  world.askedFor(STATS).filter((call) => call.includes(OF) && !call.includes("date_to"));
const nextButton = () => screen.getByRole("button", { name: "Next page" });
const rows = () =>
  within(screen.getByRole("table", { name: "Activities" }))
    .getAllByRole<HTMLTableRowElement>("row")
    .filter((row) => row.dataset.activity);

/** The address follows a moment after the page, and must not do so in the next test. */
/** It goes on by a millisecond at a time. On a busy machine it falls behind, instead of running ahead of the page. */
const CALM_CLOCK = { shouldAdvanceTime: true, advanceTimeDelta: 1 };
const untilAddress = (text: string) => waitFor(() => expect(window.location.search).toContain(text));

/** The answers that a call waits for, by the query that it was asked with. */
function hold(world: World, path: string): Map<string, (answer: Answer) => Promise<void>> {
  const waiting = new Map<string, (answer: Answer) => Promise<void>>();
  world.handlers[`GET ${path}`] = ({ search }) =>
    new Promise((resolve) => waiting.set(search, async (answer) => act(async () => resolve(answer))));
  return waiting;
}

/** A 503 as the server gives it, for a question that took too long or while it is away. */
const unavailable = (detail: string, retryAfter?: string): Answer => ({
  ...refused(503, detail),
  headers: {
    "Content-Type": "application/problem+json",
    ...(retryAfter && { "Retry-After": retryAfter }),
  },
});

function worldOf(...positions: number[]): World {
  const world = new World();
  world.page = list(positions.map((position) => activity(position)));
  return world;
}

describe("while the statistics are on their way", () => {
  it("the rows are there, the cards are as high as they will be, and the total follows", async () => {
    const world = worldOf(2, 1);
    world.page = { ...world.page, next_cursor: "next-1" };
    const waiting = hold(world, STATS);
    await world.openLive(DATED);
    expect(world.askedFor(LIST)).toEqual([
      "GET /api/admin/activity?date_from=1700000000&limit=50&sort_by=timestamp&sort_order=desc&page=1&stats=false",
    ]);
    expect(asked(world)).toEqual(["GET /api/admin/activity/stats?date_from=1700000000"]);
    expect(rows()).toHaveLength(2);
    expect(cards()).toHaveAttribute("aria-busy", "true");
    expect(values()).toEqual(Array(8).fill(""));
    expect(screen.getByText("Page 1")).toBeVisible();
    expect(nextButton()).toBeEnabled();

    await waiting.get(`?${OF}`)?.(ok(counted(stats({ total_logs: 61, success_rate: 100, failed_count: 7 }))));
    await waitFor(() => expect(cards()).toHaveAttribute("aria-busy", "false"));
    expect(values().slice(0, 3)).toEqual(["61", "100%", "7"]);
    expect(screen.getByText("Page 1 of 2")).toBeVisible();
    expect(screen.getByText("61 activities")).toBeVisible();
  });

  it("an export can be had, which says how many rows it has once that is known", async () => {
    const world = worldOf(2, 1);
    const waiting = hold(world, STATS);
    await world.openLive(DATED);
    await userEvent.click(screen.getByRole("button", { name: "Export" }));
    const menu = within(await screen.findByRole("dialog", { name: "Export" }));
    expect(menu.getByText("All rows")).toBeVisible();
    await waiting.get(`?${OF}`)?.(ok(counted(stats({ total_logs: 2 }))));
    expect(await menu.findByText("2 rows")).toBeVisible();
  });

  it("what arrives is counted once they are there", async () => {
    const world = worldOf(1);
    const waiting = hold(world, STATS);
    const stream = await world.openLive(DATED);
    stream.push(failure(2));
    await waitFor(() => expect(rows()).toHaveLength(2));
    await waiting.get(`?${OF}`)?.(ok(counted(stats({ total_logs: 1, success_rate: 100 }))));
    await waitFor(() => expect(values().slice(0, 3)).toEqual(["2", "50.0%", "1"]));
  });

  it("an empty log and a filter that nothing matches say so", async () => {
    const world = new World();
    hold(world, STATS);
    await world.openLive();
    expect(await screen.findByRole("heading", { name: "Send your first activity" })).toBeVisible();
    await enter("result:failed");
    expect(await screen.findByText("No activity matches this filter")).toBeVisible();
    expect(screen.getByRole("button", { name: "Export" })).toHaveAttribute("aria-disabled", "true");
  });

  it("a late answer to a former filter changes nothing, and is given up", async () => {
    const world = worldOf(3, 2, 1);
    await world.openLive(`${DATED}&is_admin=true`);
    const counts = hold(world, STATS);
    const lists = hold(world, LIST);
    const filters = [
      `success_filter=failure&${OF}&is_admin=true`,
      `success_filter=success&${OF}&is_admin=true`,
    ];
    const last = `success_filter=success&${OF}`;
    await enter("result:failed");
    await enter("result:success");
    await userEvent.click(screen.getByRole("button", { name: "Remove filter admins only" }));
    await waitFor(() => expect(filters.concat(last).every((filter) => counts.has(`?${filter}`))).toBe(true));
    const paging = "&limit=50&sort_by=timestamp&sort_order=desc&page=1&stats=false";
    await lists.get(`?${last}${paging}`)?.(ok(list([activity(9)], { head_cursor: "head-9" })));
    await counts.get(`?${last}`)?.(ok(counted(stats({ total_logs: 9_001 }), "head-9")));
    for (const filter of filters) {
      await lists.get(`?${filter}${paging}`)?.(ok(list([failure(4)])));
      await counts.get(`?${filter}`)?.(ok(counted(stats({ total_logs: 4_001 }))));
      expect(world.cancelled).toContain(`GET ${STATS}?${filter}`);
      expect(world.cancelled).toContain(`GET ${LIST}?${filter}${paging}`);
    }
    await waitFor(() => expect(values()[0]).toBe("9,001"));
    expect(rows().map((row) => row.textContent)).toEqual([expect.stringContaining("(9)")]);
  });
});

describe("statistics that cannot be had", () => {
  it("are a matter of the cards: the list stays, and they can be tried again", async () => {
    const world = worldOf(2, 1);
    const answer = world.handlers[`GET ${STATS}`];
    world.handlers[`GET ${STATS}`] = () => unavailable("This question took longer than 10s and was ended.");
    await world.openLive(DATED);
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("Not counted: This question took longer than 10s and was ended.");
    expect(values().slice(0, 7)).toEqual(Array(7).fill("–"));
    expect(rows()).toHaveLength(2);
    expect(screen.getByText("Page 1")).toBeVisible();
    expect(screen.getByRole("button", { name: "Export" })).not.toHaveAttribute("aria-disabled");

    world.handlers[`GET ${STATS}`] = answer ?? (() => ok());
    await userEvent.click(within(alert).getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(values()[0]).toBe("2"));
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
  });

  it("are not asked for again by themselves where the same question would fail again", async () => {
    vi.useFakeTimers(CALM_CLOCK);
    const world = worldOf(1);
    world.handlers[`GET ${STATS}`] = () => unavailable("It took too long.");
    const stream = await world.openLive(DATED);
    await screen.findByText(/It took too long/);
    stream.push(activity(2));
    await act(() => vi.advanceTimersByTimeAsync(120_000));
    expect(asked(world)).toHaveLength(1);
    // Nor are the counts of the saved views.
    expect(world.askedFor(STATS).length).toBeLessThanOrEqual(1 + BUILT_IN.length);
  });

  it("are asked for again by themselves while the store is away", async () => {
    vi.useFakeTimers(CALM_CLOCK);
    const world = worldOf(1);
    const answer = world.handlers[`GET ${STATS}`];
    world.handlers[`GET ${STATS}`] = () => unavailable("The store is not available", "2");
    await world.openLive(DATED);
    await act(() => vi.advanceTimersByTimeAsync(4_000));
    expect(screen.getByRole("alert")).toHaveTextContent("The store is not available");
    world.handlers[`GET ${STATS}`] = answer ?? (() => ok());
    await act(() => vi.advanceTimersByTimeAsync(6_000));
    expect(values()[0]).toBe("1");
  });

  it("are not shown as those of the next list, nor are they withdrawn from their own", async () => {
    vi.useFakeTimers(CALM_CLOCK);
    const world = worldOf(1);
    const stream = await world.openLive(DATED);
    await waitFor(() => expect(values()[0]).toBe("1"));
    world.handlers[`GET ${STATS}`] = () => unavailable("It took too long.");
    stream.push(activity(2));
    await act(() => vi.advanceTimersByTimeAsync(32_000));
    expect(asked(world)).toHaveLength(2);
    expect(values()[0]).toBe("2");

    world.page = list([activity(3), activity(2), activity(1)], { head_cursor: "head-3" });
    await userEvent.click(screen.getByRole("button", { name: "Refresh" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("It took too long.");
    expect(values()[0]).toBe("–");
    expect(rows()).toHaveLength(3);

    world.handlers[`GET ${STATS}`] = () => ok(counted(stats({ total_logs: 3 }), "head-3"));
    await userEvent.selectOptions(screen.getByLabelText("Rows per page"), "20");
    await waitFor(() => expect(values()[0]).toBe("3"));
    await untilAddress("limit=20");
  });

  it("leave it to the list to say why there is nothing", async () => {
    const world = new World();
    world.handlers[`GET ${LIST}`] = () => refused(403, "Your key is bound to another tenant");
    world.handlers[`GET ${STATS}`] = () => refused(403, "the same again");
    world.open(`${DATED}&tenant_id=acme`);
    expect(await screen.findByText("Your key is bound to another tenant")).toBeVisible();
    expect(screen.queryByText(/the same again/)).not.toBeInTheDocument();
    expect(values()).toEqual(Array(8).fill("–"));
  });
});

describe("the statistics are asked for as seldom as that is right:", () => {
  it("not again for another page, another order, or a list with the same head", async () => {
    const world = worldOf(1);
    world.page = { ...world.page, next_cursor: "next-1" };
    await world.openLive(DATED);
    await userEvent.click(nextButton());
    await waitFor(() => expect(world.askedFor(LIST).at(-1)).toContain("cursor=next-1"));
    await userEvent.click(screen.getByRole("button", { name: "Took" }));
    await waitFor(() => expect(world.askedFor(LIST).at(-1)).toContain("sort_by=duration_ms"));
    await userEvent.click(screen.getByRole("button", { name: "Time" }));
    await userEvent.selectOptions(await screen.findByLabelText("Rows per page"), "20");
    await waitFor(() => expect(world.askedFor(LIST).at(-1)).toContain("limit=20&sort_by=timestamp"));
    await untilAddress("limit=20");
    expect(asked(world)).toHaveLength(1);
    expect(values()[0]).toBe("1");
  });

  it("once for a list with a later head, and the former ones stay meanwhile", async () => {
    const world = worldOf(1);
    await world.openLive(DATED);
    await waitFor(() => expect(values()[0]).toBe("1"));
    const waiting = hold(world, STATS);
    world.page = list([activity(2), activity(1)], { head_cursor: "head-2" });
    await userEvent.selectOptions(screen.getByLabelText("Rows per page"), "20");
    await waitFor(() => expect(rows()).toHaveLength(2));
    await waitFor(() => expect(waiting.size).toBe(1));
    expect(values()[0]).toBe("1");
    await untilAddress("limit=20");
    await waiting.get(`?${OF}`)?.(ok(counted(stats({ total_logs: 2 }), "head-2")));
    await waitFor(() => expect(values()[0]).toBe("2"));
    expect(asked(world)).toHaveLength(2);
  });

  it("together with the list by Refresh", async () => {
    const world = worldOf(1);
    await world.openLive(DATED);
    world.page = list([activity(2), activity(1)], { head_cursor: "head-2" });
    await userEvent.click(screen.getByRole("button", { name: "Refresh" }));
    await waitFor(() => expect(values()[0]).toBe("2"));
    expect(asked(world)).toHaveLength(2);
  });

  it("some time after something has arrived, at most every thirty seconds", async () => {
    vi.useFakeTimers(CALM_CLOCK);
    const world = worldOf(1);
    const stream = await world.openLive(DATED);
    // A stream that is silent for longer is given up.
    await act(() => vi.advanceTimersByTimeAsync(15_000));
    expect(asked(world)).toHaveLength(1);
    stream.push(activity(2));
    world.stats = stats({ total_logs: 2, unique_users: 2 });
    world.page = { ...world.page, head_cursor: "head-2" };
    await act(() => vi.advanceTimersByTimeAsync(10_000));
    expect(asked(world)).toHaveLength(1);
    await act(() => vi.advanceTimersByTimeAsync(8_000));
    expect(asked(world)).toHaveLength(2);
    expect(values()[3]).toBe("2");
  });
});

describe("a tab in the background", () => {
  it("has its rows when it is shown, and asks for its statistics then", async () => {
    hideTab(true);
    const world = worldOf(1);
    await world.openLive(DATED);
    expect(rows()).toHaveLength(1);
    expect(asked(world)).toEqual([]);
    hideTab(false);
    await waitFor(() => expect(values()[0]).toBe("1"));
    expect(asked(world)).toHaveLength(1);
  });

  it("asks nothing, whatever arrives, and asks once when it is shown again", async () => {
    vi.useFakeTimers(CALM_CLOCK);
    const world = worldOf(1);
    const stream = await world.openLive(DATED);
    await waitFor(() => expect(values()[0]).toBe("1"));
    const before = world.asked.length;
    hideTab(true);
    stream.push(activity(2));
    await act(() => vi.advanceTimersByTimeAsync(600_000));
    expect(world.asked).toHaveLength(before);
    world.stats = stats({ total_logs: 2, unique_users: 2 });
    hideTab(false);
    await act(() => vi.advanceTimersByTimeAsync(3_000));
    expect(asked(world)).toHaveLength(2);
    expect(values()[3]).toBe("2");
  });

  it("asks nothing when it is shown again and nothing has arrived", async () => {
    const world = worldOf(1);
    await world.openLive(DATED);
    await waitFor(() => expect(values()[0]).toBe("1"));
    const before = world.asked.length;
    hideTab(true);
    hideTab(false);
    expect(world.asked).toHaveLength(before);
  });

  it("reads the list again when it is shown, where the stream has said reset", async () => {
    const world = worldOf(1);
    const stream = await world.openLive(DATED);
    world.page = list([activity(9)], { head_cursor: "head-9" });
    hideTab(true);
    act(() => stream.send({ type: "reset", reason: "epoch" }, "c-0"));
    act(() => stream.send({ type: "reset", reason: "epoch" }, "c-0"));
    expect(world.askedFor(LIST)).toHaveLength(1);
    hideTab(false);
    await waitFor(() => expect(rows()[0]).toHaveTextContent("(9)"));
    expect(world.askedFor(LIST)).toHaveLength(2);
    expect(FakeEventSource.last.url).toContain("last_event_id=head-9");
  });
});

it("a page behind the last one leads back to the first, though the total is smaller now", async () => {
  const world = new World();
  world.page = list([], { page: 7 });
  world.stats = stats({ total_logs: 73 });
  await world.openLive(`${DATED}&page=7`);
  await waitFor(() => expect(values()[0]).toBe("73"));
  expect(screen.getByRole("button", { name: /^Export/ })).not.toHaveAttribute("aria-disabled");
  world.page = list([activity(1)]);
  await userEvent.click(screen.getByRole("button", { name: /first page/i }));
  await waitFor(() => expect(rows()).toHaveLength(1));
  expect(await screen.findByText("Page 1 of 2")).toBeVisible();
});

it("the last page stays a page of its number while the total shrinks", async () => {
  const world = new World();
  world.page = list([activity(1)], { page: 7, prev_cursor: "p" });
  world.stats = stats({ total_logs: 23 });
  await world.openLive(`${DATED}&page=7`);
  expect(await screen.findByText("Page 7 of 7")).toBeVisible();
  expect(nextButton()).toBeDisabled();
});
