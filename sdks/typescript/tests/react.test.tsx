// @vitest-environment jsdom
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { StrictMode } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type UseActivityStreamOptions, useActivityStream } from "../src/react.js";
import type { StreamEvent } from "../src/stream/activity-stream.js";

/** An EventSource whose server is the test. */
class ScriptedSource {
  static opened: ScriptedSource[] = [];
  readonly url: string;
  readyState = 0;
  readonly #listeners = new Map<string, (event: StreamEvent) => void>();

  constructor(url: string) {
    this.url = url;
    ScriptedSource.opened.push(this);
  }

  static get last(): ScriptedSource {
    const last = ScriptedSource.opened.at(-1);
    if (!last) throw new Error("no source is open");
    return last;
  }

  /** Those that are not closed. */
  static get live(): ScriptedSource[] {
    return ScriptedSource.opened.filter(({ readyState }) => readyState !== 2);
  }

  addEventListener(type: string, listener: (event: StreamEvent) => void): void {
    this.#listeners.set(type, listener);
  }

  close(): void {
    this.readyState = 2;
  }

  emit(type: string, event: Omit<StreamEvent, "type"> = {}): void {
    act(() => this.#listeners.get(type)?.({ type, ...event }));
  }

  open(): void {
    this.readyState = 1;
    this.emit("open");
  }

  activity(position: number): void {
    const data = JSON.stringify({ type: "new_activity", data: { id: `id-${position}`, position } });
    this.emit("message", { data, lastEventId: `e-${position}` });
  }

  fail(readyState: number): void {
    this.readyState = readyState;
    this.emit("error");
  }
}

async function mounted(options: UseActivityStreamOptions = {}, wrapper?: typeof StrictMode) {
  ScriptedSource.opened = [];
  const all = { EventSource: ScriptedSource, ...options };
  const hook = renderHook((props: UseActivityStreamOptions) => useActivityStream(props), {
    initialProps: all,
    ...(wrapper && { wrapper }),
  });
  const rerender = async (changed: UseActivityStreamOptions) => {
    hook.rerender({ ...all, ...changed });
    await act(async () => {});
  };
  // A stream opens after its token is there, which is a promise.
  await act(async () => {});
  const positions = () => hook.result.current.activities.map(({ position }) => position);
  // What comes in a burst is shown together, a moment later.
  const shows = (expected: number[]) =>
    waitFor(() => expect(positions()).toEqual(expected), { timeout: 12_000 });
  return { hook, rerender, positions, shows };
}

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe("useActivityStream", () => {
  it("shows what happens, the newest first, and whether it is live", async () => {
    const { hook, shows } = await mounted({ token: "t" });
    expect(hook.result.current).toMatchObject({ isConnected: false, status: "connecting", activities: [] });
    expect(ScriptedSource.last.url).toBe("/api/admin/activity/stream?token=t");
    ScriptedSource.last.open();
    ScriptedSource.last.activity(1);
    ScriptedSource.last.activity(2);
    await shows([2, 1]);
    expect(hook.result.current).toMatchObject({
      isConnected: true,
      status: "live",
      error: null,
      lastEventId: "e-2",
    });
  });

  it("keeps no more than its limit", async () => {
    const { shows, rerender } = await mounted({ limit: 3 });
    for (const position of [1, 2, 3, 4, 5]) ScriptedSource.last.activity(position);
    await shows([5, 4, 3]);
    await rerender({ limit: 2 });
    await shows([5, 4]);
    expect(ScriptedSource.opened).toHaveLength(1);
  });

  it("calls the newest callback, once for each activity, in StrictMode too", async () => {
    const first = vi.fn();
    const second = vi.fn();
    const { rerender } = await mounted({ onActivity: first }, StrictMode);
    ScriptedSource.last.activity(1);
    await rerender({ onActivity: second });
    ScriptedSource.last.activity(2);
    expect(first.mock.calls.map(([activity]) => activity.position)).toEqual([1]);
    expect(second.mock.calls.map(([activity]) => activity.position)).toEqual([2]);
  });

  it("has one connection after the double mount of StrictMode", async () => {
    const { hook, shows } = await mounted({}, StrictMode);
    expect(ScriptedSource.live).toHaveLength(1);
    ScriptedSource.last.open();
    ScriptedSource.last.activity(1);
    await shows([1]);
    expect(hook.result.current.status).toBe("live");
  });

  it("closes on unmount", async () => {
    const { hook } = await mounted();
    ScriptedSource.last.open();
    hook.unmount();
    expect(ScriptedSource.live).toEqual([]);
  });

  it("shows that it reconnects, why, and that it is live again, without a gap or a repetition", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const { hook, shows } = await mounted();
    ScriptedSource.last.open();
    ScriptedSource.last.activity(1);
    ScriptedSource.last.fail(0);
    expect(hook.result.current).toMatchObject({
      isConnected: false,
      status: "reconnecting",
      error: expect.any(Error),
    });
    ScriptedSource.last.open();
    expect(hook.result.current).toMatchObject({ status: "live", error: null });
    ScriptedSource.last.fail(2);
    await vi.waitFor(() => expect(ScriptedSource.opened).toHaveLength(2), { timeout: 12_000 });
    expect(ScriptedSource.last.url).toBe("/api/admin/activity/stream?last_event_id=e-1");
    ScriptedSource.last.activity(1);
    ScriptedSource.last.activity(2);
    await shows([2, 1]);
    expect(hook.result.current.status).toBe("live");
  });

  it("begins another list with another filter, and not with an equal one", async () => {
    const { positions, shows, rerender } = await mounted({ filter: { user_id: "a" } });
    ScriptedSource.last.activity(1);
    await rerender({ filter: { user_id: "a" } });
    expect(ScriptedSource.opened).toHaveLength(1);
    await rerender({ filter: { user_id: "b" } });
    expect(ScriptedSource.last.url).toBe("/api/admin/activity/stream?user_id=b");
    expect(ScriptedSource.live).toHaveLength(1);
    expect(positions()).toEqual([]);
    ScriptedSource.last.activity(1);
    await shows([1]);
  });

  it("does not hear what a stream says that it has left", async () => {
    const { hook, positions, rerender } = await mounted({ filter: { user_id: "a" } });
    const left = ScriptedSource.last;
    await rerender({ filter: { user_id: "b" } });
    left.activity(1);
    left.fail(2);
    expect(positions()).toEqual([]);
    expect(hook.result.current).toMatchObject({ status: "connecting", error: null, lastEventId: null });
  });

  it("opens nothing when its token comes after the unmount", async () => {
    let arrive = (_: string) => {};
    const token = () =>
      new Promise<string>((resolve) => {
        arrive = resolve;
      });
    const { hook } = await mounted({ token });
    hook.unmount();
    await act(async () => arrive("late"));
    expect(ScriptedSource.opened).toEqual([]);
  });

  it("goes on with the same list after another token, and after being disabled", async () => {
    const { hook, shows, rerender } = await mounted({ token: "a" });
    ScriptedSource.last.activity(1);
    await rerender({ token: "b" });
    expect(ScriptedSource.last.url).toBe("/api/admin/activity/stream?token=b&last_event_id=e-1");
    await rerender({ token: "b", enabled: false });
    expect(ScriptedSource.live).toEqual([]);
    expect(hook.result.current).toMatchObject({ status: "stopped", isConnected: false });
    await rerender({ token: "b" });
    ScriptedSource.last.activity(2);
    await shows([2, 1]);
  });

  it("asks the newest token function for each connection, as a ticket if wanted", async () => {
    const { hook, rerender } = await mounted({ token: async () => "old", tokenParameter: "ticket" });
    await rerender({ token: async () => "new", tokenParameter: "ticket" });
    expect(ScriptedSource.opened).toHaveLength(1);
    await act(async () => hook.result.current.reconnect());
    expect(
      ScriptedSource.opened.map(({ url }) => new URL(url, "http://x").searchParams.get("ticket")),
    ).toEqual(["old", "new"]);
  });

  it("empties its list on request and goes on", async () => {
    const { hook, shows } = await mounted();
    ScriptedSource.last.activity(1);
    act(() => hook.result.current.clear());
    ScriptedSource.last.activity(2);
    await shows([2]);
  });

  it("tells of a reset, so that the page can read its list again", async () => {
    const onReset = vi.fn();
    const { shows } = await mounted({ onReset });
    ScriptedSource.last.activity(5);
    ScriptedSource.last.emit("message", {
      data: '{"type":"reset","reason":"another log"}',
      lastEventId: "f-0",
    });
    ScriptedSource.last.activity(1);
    expect(onReset).toHaveBeenCalledExactlyOnceWith("another log");
    await shows([1, 5]);
  });

  it("reconnects when a heartbeat is five seconds late", async () => {
    // Fake, because a test does not wait for 20 seconds.
    vi.useFakeTimers();
    await mounted();
    ScriptedSource.last.open();
    await act(() => vi.advanceTimersByTimeAsync(15_000));
    ScriptedSource.last.emit("heartbeat", { lastEventId: "e-7" });
    await act(() => vi.advanceTimersByTimeAsync(19_000));
    expect(ScriptedSource.opened).toHaveLength(1);
    await act(() => vi.advanceTimersByTimeAsync(1_000));
    expect(ScriptedSource.opened).toHaveLength(2);
    expect(ScriptedSource.last.url).toContain("last_event_id=e-7");
    expect(ScriptedSource.live).toHaveLength(1);
  });
});
