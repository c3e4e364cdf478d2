import { describe, expect, it } from "vitest";
import type { Activity, ActivityList } from "../api/types";
import { activity, failure, list, stats } from "../test/sample";
import { type Anchor, type Feed, type FeedEvent, reduceFeed } from "./feed";

const NOW = 1_800_000_100;
const ANCHOR: Anchor = { filter: "", head: "head-1" };
const positions = (rows: readonly Activity[]) => rows.map((row) => row.position);
const arrived = (activities: Activity[], hold = false, anchor = ANCHOR): FeedEvent => ({
  type: "arrived",
  anchor,
  activities,
  hold,
  now: NOW,
});
const loaded = (rows: Activity[], anchor = ANCHOR, live = true): FeedEvent => ({
  type: "loaded",
  anchor,
  list: list(rows, { limit: 3 }),
  live,
});
const asked = (anchor = ANCHOR): FeedEvent => ({ type: "asked", anchor });
const reconciled = (answer: ActivityList, anchor = ANCHOR): FeedEvent => ({
  type: "reconciled",
  anchor,
  list: answer,
  now: NOW,
});

function feedOf(rows: Activity[], ...events: FeedEvent[]): Feed {
  const feed = [loaded(rows), ...events].reduce<Feed | null>(reduceFeed, null);
  if (!feed) throw new Error("a loaded feed is there");
  return feed;
}

describe("rows from the stream", () => {
  it("enter at the top and push the oldest off a full page", () => {
    const feed = feedOf([activity(3), activity(2), activity(1)], arrived([activity(4), activity(5)]));
    expect(positions(feed.rows)).toEqual([5, 4, 3]);
    expect([...feed.fresh]).toEqual(["id-5", "id-4"]);
    expect(feed.total).toBe(5);
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
    expect(feed.total).toBe(3);
  });

  it("are not counted again after they have left the page", () => {
    const burst = [4, 5, 6, 7, 8].map((position) => activity(position));
    const feed = feedOf([activity(3)], arrived(burst), arrived([activity(4)]));
    expect(feed.total).toBe(6);
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
    expect(feed.total).toBe(4);
  });
});

describe("held back", () => {
  const held = feedOf([activity(1)], arrived([activity(2), failure(3)], true), arrived([activity(4)], true));

  it("moves no row, and counts what is new and what failed", () => {
    expect(positions(held.rows)).toEqual([1]);
    expect(held).toMatchObject({ pendingCount: 3, pendingFailed: 1, total: 4 });
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
    const page = (filter: string, live: boolean) => loaded([activity(1)], { filter, head: "head-2" }, live);
    expect(reduceFeed(held, page("", false))).toMatchObject({ pendingCount: 3, anchor: ANCHOR });
    expect(reduceFeed(held, page("", true))?.pendingCount).toBe(0);
    expect(reduceFeed(held, page("q=ada", false))?.pendingCount).toBe(0);
  });
});

describe("a list that starts anew", () => {
  const failures: Anchor = { filter: "success_filter=failure", head: "head-1" };

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

  it("ignores figures that were asked for before it", () => {
    const feed = feedOf([activity(1)], asked(), loaded([activity(2), activity(1)], { ...ANCHOR }));
    expect(reduceFeed(feed, reconciled(list([activity(1)], { total: 1 })))).toBe(feed);
    expect(feed.total).toBe(2);
  });

  it("keeps to its stream when another page of it is read", () => {
    const feed = feedOf(
      [activity(3)],
      loaded([activity(1)], { ...ANCHOR }, false),
      arrived([activity(4)], true),
    );
    expect(feed).toMatchObject({ pendingCount: 1, total: 2 });
  });
});

describe("the figures", () => {
  it("move with what arrives", () => {
    const feed = feedOf([activity(1)], arrived([failure(2), activity(3, { is_admin: true })]));
    expect(feed.stats).toMatchObject({ total_logs: 3, failed_count: 1, admin_actions: 1 });
    expect(feed.stats.success_rate).toBeCloseTo(66.67, 1);
  });

  it("become the server's, plus what arrived too late for its answer", () => {
    const answer = list([activity(3)], { total: 100, stats: stats({ total_logs: 100, unique_users: 7 }) });
    const feed = feedOf(
      [activity(1)],
      arrived([activity(2)]),
      asked(),
      arrived([activity(3), failure(4)]),
      reconciled(answer),
    );
    expect(feed.total).toBe(101);
    expect(feed.stats).toMatchObject({ total_logs: 101, failed_count: 1, unique_users: 7 });
    expect(positions(feed.rows)).toEqual([4, 3, 2]);
  });

  it("do not count again what was in the server's answer before the stream brought it", () => {
    const answer = list([activity(2)], { total: 2, stats: stats({ total_logs: 2 }) });
    const feed = feedOf([activity(1)], asked(), reconciled(answer), arrived([activity(2), activity(3)]));
    expect(positions(feed.rows)).toEqual([3, 2, 1]);
    expect(feed.total).toBe(3);
    expect(feed.stats.total_logs).toBe(3);
  });
});
