import { QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createQueries } from "../app";
import { NO_FILTER } from "../filters/view";
import type { Seen } from "../stats/arrivals";
import { activity, timeline } from "../test/sample";
import { hideTab } from "../test/tab";
import { World } from "../test/world";
import { useTimeline } from "./use-timeline";

interface Props {
  seen: Seen;
}

const ANCHOR = { filter: "", head: "head-1", askedAt: 0 };
/** What the stream has brought: one of each position. */
const seenOf = (...positions: number[]): Seen => ({
  anchor: ANCHOR,
  arrivals: positions.map((position) => ({ activity: activity(position), cursor: `c-${position}`, at: 1e9 })),
});

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

async function open() {
  const queries = createQueries();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>{children}</QueryClientProvider>
  );
  const hook = renderHook(
    ({ seen }: Props) => useTimeline({ filter: NO_FILTER, buckets: 100, shown: true, seen }),
    { wrapper, initialProps: { seen: seenOf() } as Props },
  );
  await pass(0);
  return hook;
}

describe("a timeline that is watched", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  it("is not read again while nothing arrives", async () => {
    const world = new World();
    world.timeline = timeline([[3, 0]]);
    await open();
    await pass(600_000);
    expect(world.asked).toHaveLength(1);
  });

  it("is read again when something has arrived, at most every 30 seconds", async () => {
    const world = new World();
    world.timeline = timeline([[3, 0]]);
    const { rerender } = await open();
    await pass(60_000);
    rerender({ seen: seenOf(4) });
    await pass(1_499);
    expect(world.asked).toHaveLength(1);
    world.timeline = timeline([[4, 0]], { head_cursor: "c-4" });
    await pass(1);
    expect(world.asked).toHaveLength(2);

    rerender({ seen: seenOf(4, 5) });
    rerender({ seen: seenOf(4, 5, 6) });
    await pass(29_999);
    expect(world.asked).toHaveLength(2);
    await pass(1);
    expect(world.asked).toHaveLength(3);
  });

  it("waits while the page is hidden", async () => {
    const world = new World();
    world.timeline = timeline([[3, 0]]);
    const { rerender } = await open();
    hideTab(true);
    rerender({ seen: seenOf(4) });
    await pass(600_000);
    expect(world.asked).toHaveLength(1);
    hideTab(false);
    await pass(1_500);
    expect(world.asked).toHaveLength(2);
  });

  it("is not read again for what it contains, nor for Livetrail's own activities", async () => {
    const world = new World();
    world.timeline = timeline([[3, 0]], { head_cursor: "c-4" });
    const { result, rerender } = await open();
    const own = { ...activity(5), resource_type: "livetrail" };
    const { anchor, arrivals } = seenOf(3, 4);
    rerender({ seen: { anchor, arrivals: [...arrivals, { activity: own, cursor: "c-5", at: 1e9 }] } });
    expect(result.current.buckets?.[0]?.count).toBe(4);
    await pass(600_000);
    expect(world.asked).toHaveLength(1);
  });
});
