import { describe, expect, it } from "vitest";
import type { Activity, Stats } from "../api/types";
import { activity, counted, countOf, failure, list, stats } from "../test/sample";
import { type Anchor, type Feed, type FeedEvent, isCountOf, reduceFeed } from "./feed";

const NOW = 1_800_000_100;
/** Its list was asked for at 0 ms. */
const ANCHOR: Anchor = { filter: "", head: "head-1", askedAt: 0 };
const positions = (rows: readonly Activity[]) => rows.map((row) => row.position);
/** Brought by the stream at so many milliseconds. */
const arrivedAt = (at: number, activities: Activity[], hold = false, anchor = ANCHOR): FeedEvent => ({
  type: "arrived",
  anchor,
  arrivals: activities.map((each) => ({ activity: each, cursor: `c-${each.position}`, at })),
  hold,
  now: NOW,
});
const arrived = (activities: Activity[], hold = false, anchor = ANCHOR) =>
  arrivedAt(5_000, activities, hold, anchor);
const loaded = (rows: Activity[], anchor = ANCHOR, anew = true): FeedEvent => ({
  type: "loaded",
  anchor,
  list: list(rows, { limit: 3 }),
  anew,
});
interface Count {
  of: Stats;
  askedAt?: number;
  /** The head of the log that the server counted up to. */
  head?: string;
}
const answerOf = ({ of, askedAt = 0, head = "head-1" }: Count) => ({ ...counted(of, head), askedAt });
const countedUp = (count: Count, anchor = ANCHOR): FeedEvent => ({
  type: "counted",
  anchor,
  answer: answerOf(count),
  now: NOW,
});

function feedAfter(...events: FeedEvent[]): Feed {
  const feed = events.reduce<Feed | null>(reduceFeed, null);
  if (!feed) throw new Error("a loaded feed is there");
  return feed;
}
/** A list that has been counted at its head. */
const feedOf = (rows: Activity[], ...events: FeedEvent[]) =>
  feedAfter(loaded(rows), countedUp({ of: countOf(rows) }), ...events);
const totalOf = (feed: Feed | null) => feed?.stats?.total_logs;

describe("rows from the stream", () => {
  it("enter at the top and push the oldest off a full page", () => {
    const feed = feedOf([activity(3), activity(2), activity(1)], arrived([activity(4), activity(5)]));
    expect(positions(feed.rows)).toEqual([5, 4, 3]);
    expect([...feed.fresh]).toEqual(["id-5", "id-4"]);
    expect(totalOf(feed)).toBe(5);
  });

  it("are highlighted unless too many come at once", () => {
    const many = Array.from({ length: 11 }, (_, index) => activity(index + 2));
    const feed = feedOf([activity(1)], arrived(many));
    expect(feed.fresh.size).toBe(0);
    expect(feed.shifted).toBe(true);
    expect([...(reduceFeed(feed, arrived([activity(13)]))?.fresh ?? [])]).toEqual(["id-13"]);
  });

  it("are taken once, though they are in the list already or are sent again", () => {
    const feed = feedOf(
      [activity(2), activity(1)],
      arrived([activity(2), activity(3)]),
      arrived([activity(3)]),
    );
    expect(positions(feed.rows)).toEqual([3, 2, 1]);
    expect(totalOf(feed)).toBe(3);
  });

  it("are not counted again after they have left the page", () => {
    const burst = [4, 5, 6, 7, 8].map((position) => activity(position));
    const feed = feedOf([activity(3)], arrived(burst), arrived([activity(4)]));
    expect(totalOf(feed)).toBe(6);
  });

  it("take the place that their time gives them", () => {
    const late = activity(9, { timestamp: 1_800_000_001 });
    const feed = feedOf([activity(3), activity(2)], arrived([late]));
    expect(positions(feed.rows)).toEqual([3, 2, 9]);
  });

  it("count, but do not show, when they are older than a full page", () => {
    const late = activity(9, { timestamp: 1_700_000_000 });
    const feed = feedOf([activity(3), activity(2), activity(1)], arrived([late]));
    expect(positions(feed.rows)).toEqual([3, 2, 1]);
    expect(totalOf(feed)).toBe(4);
  });
});

describe("held back", () => {
  const held = feedOf([activity(1)], arrived([activity(2), failure(3)], true), arrived([activity(4)], true));

  it("moves no row, and counts what is new and what failed", () => {
    expect(positions(held.rows)).toEqual([1]);
    expect(held).toMatchObject({ pendingCount: 3, pendingFailed: 1 });
    expect(totalOf(held)).toBe(4);
  });

  it("comes in together when released", () => {
    const feed = reduceFeed(held, { type: "released" });
    expect(positions(feed?.rows ?? [])).toEqual([4, 3, 2]);
    expect(feed).toMatchObject({ pendingCount: 0, pendingFailed: 0 });
  });

  it("comes in before what arrives after the hold, so that the order stays", () => {
    const feed = reduceFeed(held, arrived([activity(5)]));
    expect(positions(feed?.rows ?? [])).toEqual([5, 4, 3]);
    expect(feed?.pendingCount).toBe(0);
  });

  it("keeps at most a page, however many it counts", () => {
    const many = Array.from({ length: 500 }, (_, index) => activity(index + 2));
    const feed = feedOf([activity(1)], arrived(many, true));
    expect(feed.pending).toHaveLength(3);
    expect(feed.pendingCount).toBe(500);
    expect(positions(feed.pending)).toEqual([501, 500, 499]);
  });

  it("stays held when another page of the same filter is read, and goes when the list starts anew", () => {
    const page = (filter: string, anew: boolean) =>
      loaded([activity(1)], { filter, head: "head-2", askedAt: 9_000 }, anew);
    expect(reduceFeed(held, page("", false))).toMatchObject({ pendingCount: 3, anchor: ANCHOR });
    expect(reduceFeed(held, page("", true))?.pendingCount).toBe(0);
    expect(reduceFeed(held, page("q=ada", false))?.pendingCount).toBe(0);
  });
});

describe("a list that starts anew", () => {
  const failures: Anchor = { filter: "success_filter=failure", head: "head-1", askedAt: 9_000 };

  it("ignores what another filter's stream brings", () => {
    const filtered = feedOf([activity(1)], loaded([failure(2)], failures));
    expect(reduceFeed(filtered, arrived([activity(3)]))).toBe(filtered);
    expect(positions(reduceFeed(filtered, arrived([failure(4)], false, failures))?.rows ?? [])).toEqual([
      4, 2,
    ]);
  });

  it("ignores what its former stream brings, though the filter is the same", () => {
    const again: Anchor = { ...ANCHOR };
    const feed = feedOf([activity(1)], loaded([activity(9)], again));
    expect(reduceFeed(feed, arrived([activity(5)]))).toBe(feed);
    expect(positions(reduceFeed(feed, arrived([activity(10)], false, again))?.rows ?? [])).toEqual([10, 9]);
  });

  it("ignores a count that was meant for the list before", () => {
    const feed = feedOf([activity(1)], loaded([activity(2), activity(1)], { ...ANCHOR }));
    expect(reduceFeed(feed, countedUp({ of: stats({ total_logs: 9 }), askedAt: 9_000 }))).toBe(feed);
  });

  it("keeps the count of its filter until there is another, and has none of another filter", () => {
    const feed = feedOf([activity(1)], arrived([activity(2)]));
    const again = { ...ANCHOR, head: "head-2", askedAt: 9_000 };
    expect(totalOf(reduceFeed(feed, loaded([activity(2), activity(1)], again)))).toBe(2);
    expect(reduceFeed(feed, loaded([failure(2)], failures))?.stats).toBeNull();
  });

  it("keeps to its stream when another page of it is read", () => {
    const feed = feedOf(
      [activity(3)],
      loaded([activity(1)], { ...ANCHOR }, false),
      arrived([activity(4)], true),
    );
    expect(feed.pendingCount).toBe(1);
    expect(totalOf(feed)).toBe(2);
  });
});

describe("rows beyond the page", () => {
  const full = [activity(3), activity(2), activity(1)];

  it("are there when the list has a next page, or when the stream has pushed rows off", () => {
    expect(feedOf(full)).toMatchObject({ hasMore: false, shifted: false });
    const more: FeedEvent = {
      type: "loaded",
      anchor: ANCHOR,
      list: list(full, { next_cursor: "n" }),
      anew: true,
    };
    expect(feedAfter(more)).toMatchObject({ hasMore: true, shifted: false });
    expect(feedOf(full, arrived([activity(4)]))).toMatchObject({ hasMore: true, shifted: true });
  });

  it("are not there while what arrives finds a place on the page", () => {
    const feed = feedOf([activity(1)], arrived([activity(2), activity(3)]));
    expect(feed).toMatchObject({ hasMore: false, shifted: false });
  });

  it("are there when more was held back than a page takes", () => {
    const many = Array.from({ length: 4 }, (_, index) => activity(index + 1));
    expect(feedOf([], arrived(many, true), { type: "released" })).toMatchObject({ hasMore: true });
  });
});

describe("the statistics", () => {
  it("are not known before the server has counted, and then contain what has arrived", () => {
    const waiting = feedAfter(loaded([activity(1)]), arrivedAt(30, [failure(2)]));
    expect(waiting.stats).toBeNull();
    const feed = reduceFeed(waiting, countedUp({ of: countOf([activity(1)]) }));
    expect(feed?.stats).toMatchObject({ total_logs: 2, failed_count: 1 });
  });

  it("move with what arrives", () => {
    const feed = feedOf([activity(1)], arrived([failure(2), activity(3, { is_admin: true })]));
    expect(feed.stats).toMatchObject({ total_logs: 3, failed_count: 1, admin_actions: 1 });
    expect(feed.stats?.success_rate).toBeCloseTo(66.67, 1);
  });

  it("become the server's, plus what arrived after they were asked for", () => {
    const again = { of: stats({ total_logs: 100, unique_users: 7 }), askedAt: 8_000, head: "head-9" };
    const feed = feedOf(
      [activity(1)],
      arrivedAt(7_990, [activity(2)]),
      arrivedAt(8_010, [failure(3)]),
      countedUp(again),
      arrivedAt(8_500, [activity(4)]),
    );
    expect(feed.stats).toMatchObject({ total_logs: 102, failed_count: 1, unique_users: 7 });
    expect(positions(feed.rows)).toEqual([4, 3, 2]);
  });

  it("contain nothing of the stream where the list and the count have the same head, however late they are", () => {
    const late = { of: countOf([activity(1)]), askedAt: 40 };
    expect(totalOf(feedAfter(loaded([activity(1)]), arrivedAt(30, [activity(2)]), countedUp(late)))).toBe(2);
  });

  it("contain what arrived up to their head, though it arrived after they were asked for", () => {
    const answer = { of: countOf([activity(1), activity(2), failure(3)]), askedAt: 10, head: "c-3" };
    const before = feedAfter(
      loaded([activity(1)]),
      arrivedAt(20, [activity(2), failure(3), activity(4)]),
      countedUp(answer),
    );
    expect(before.stats).toMatchObject({ total_logs: 4, failed_count: 1 });
    const behind = feedAfter(loaded([activity(1)]), countedUp(answer), arrivedAt(20, [activity(2)]));
    const after = reduceFeed(behind, arrivedAt(30, [failure(3), activity(4)], true));
    expect(after?.stats).toMatchObject({ total_logs: 4, failed_count: 1 });
    expect(positions((after?.recent ?? []).map((each) => each.activity))).toEqual([4]);
  });

  it("take an answer once, so that it does not undo what has arrived since", () => {
    const answer: FeedEvent = countedUp({ of: stats({ total_logs: 5 }), askedAt: 10, head: "head-2" });
    const many = Array.from({ length: 2_500 }, (_, index) => activity(index + 2));
    const feed = feedAfter(loaded([activity(1)]), answer, arrived(many));
    expect(totalOf(feed)).toBe(2_505);
    expect(reduceFeed(feed, answer)).toBe(feed);
    expect(feed.recent.length).toBeLessThanOrEqual(2_000);
  });

  it("are counted again after an activity of an application, and not after Livetrail's own", () => {
    const own = (position: number) => activity(position, { resource_type: "livetrail" });
    expect(feedOf([activity(1)]).isBehind).toBe(false);
    expect(feedOf([activity(1)], arrived([own(2)])).isBehind).toBe(false);
    const behind = feedOf([activity(1)], arrived([own(2), activity(3)]));
    expect(behind.isBehind).toBe(true);
    const again = countedUp({ of: stats({ total_logs: 3 }), askedAt: 8_000, head: "head-3" });
    expect(reduceFeed(behind, again)?.isBehind).toBe(false);
  });

  it("are counted again where the first count has another head than the list", () => {
    const first = { of: countOf([activity(1)]), askedAt: 10, head: "head-2" };
    const feed = feedAfter(loaded([activity(1)]), countedUp(first));
    expect(feed.isBehind).toBe(true);
    expect(reduceFeed(feed, countedUp({ ...first, askedAt: 10_000 }))?.isBehind).toBe(false);
  });

  it("belong to a list of the same head, or to one that was asked for before", () => {
    const anchor: Anchor = { filter: "", head: "head-5", askedAt: 100 };
    expect(isCountOf(answerOf({ of: stats(), askedAt: 20, head: "head-5" }), anchor)).toBe(true);
    expect(isCountOf(answerOf({ of: stats(), askedAt: 100, head: "head-6" }), anchor)).toBe(true);
    expect(isCountOf(answerOf({ of: stats(), askedAt: 99, head: "head-4" }), anchor)).toBe(false);
  });
});
