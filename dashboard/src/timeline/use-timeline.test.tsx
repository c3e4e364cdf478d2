import { QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createQueries } from "../app";
import { NO_FILTER } from "../filters/view";
import { timeline } from "../test/sample";
import { hideTab } from "../test/tab";
import { World } from "../test/world";
import { useTimeline } from "./use-timeline";

interface Props {
  total: number;
  /** Which filter the cards are of. */
  filter?: string;
}

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

async function open(world: World) {
  const queries = createQueries();
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={queries}>{children}</QueryClientProvider>
  );
  const hook = renderHook(
    ({ total, filter = "" }: Props) =>
      useTimeline({
        filter: NO_FILTER,
        buckets: 100,
        shown: true,
        figures: { filter, total, failed: 0 },
      }),
    { wrapper, initialProps: { total: world.timeline.total } as Props },
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
    await open(world);
    await pass(600_000);
    expect(world.asked).toHaveLength(1);
  });

  it("is read again when something has arrived, at most every 15 seconds", async () => {
    const world = new World();
    world.timeline = timeline([[3, 0]]);
    const { rerender } = await open(world);
    await pass(60_000);
    rerender({ total: 4 });
    await pass(1_499);
    expect(world.asked).toHaveLength(1);
    world.timeline = timeline([[4, 0]]);
    await pass(1);
    expect(world.asked).toHaveLength(2);

    rerender({ total: 5 });
    rerender({ total: 6 });
    await pass(14_999);
    expect(world.asked).toHaveLength(2);
    await pass(1);
    expect(world.asked).toHaveLength(3);
  });

  it("waits while the page is hidden", async () => {
    const world = new World();
    world.timeline = timeline([[3, 0]]);
    const { rerender } = await open(world);
    hideTab(true);
    rerender({ total: 4 });
    await pass(600_000);
    expect(world.asked).toHaveLength(1);
    hideTab(false);
    await pass(1_500);
    expect(world.asked).toHaveLength(2);
  });

  it("takes no notice of the cards of another filter", async () => {
    const world = new World();
    world.timeline = timeline([[3, 0]]);
    const { result, rerender } = await open(world);
    rerender({ total: 900, filter: "q=former" });
    await pass(600_000);
    expect(world.asked).toHaveLength(1);
    expect(result.current.buckets).toEqual(world.timeline.buckets);
  });
});
