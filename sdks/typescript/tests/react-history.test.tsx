// @vitest-environment jsdom
import { act, cleanup, renderHook, waitFor } from "@testing-library/react";
import { EventSource } from "eventsource";
import { StrictMode } from "react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type UseActivityStreamOptions, useActivityStream } from "../src/react.js";
import { SseServer } from "./support/sse-server.js";

const options = (server: SseServer, changed: UseActivityStreamOptions = {}) => ({
  url: server.url,
  EventSource,
  history: 3,
  ...changed,
});

/** The hook, and the positions that it shows. */
function mounted(initialProps: UseActivityStreamOptions, wrapper?: typeof StrictMode) {
  const hook = renderHook((props: UseActivityStreamOptions) => useActivityStream(props), {
    initialProps,
    ...(wrapper && { wrapper }),
  });
  const positions = () => hook.result.current.activities.map(({ position }) => position);
  const shows = (expected: number[]) => until(() => expect(positions()).toEqual(expected));
  return { hook, shows, positions, state: () => hook.result.current };
}

const until = (fact: () => void) => waitFor(fact, { timeout: 12_000, interval: 5 });

beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));
afterEach(cleanup);

describe("a hook with history", () => {
  it("shows that it loads, then the newest of the list, then that it is live", async () => {
    await using server = await SseServer.start();
    server.append(1, 2, 3, 4, 5);
    const { shows, state } = mounted(options(server));
    expect(state()).toMatchObject({ isLoading: true, isEmpty: false, status: "connecting" });
    await shows([5, 4, 3]);
    await until(() => expect(state()).toMatchObject({ isLoading: false, isEmpty: false, status: "live" }));
    expect(server.visits[0]?.query.get("last_event_id")).toBe("e-5");
  });

  it("says that there is nothing only when it knows", async () => {
    await using server = await SseServer.start();
    const { shows, state } = mounted(options(server));
    expect(state().isEmpty).toBe(false);
    await until(() => expect(state().isEmpty).toBe(true));
    server.append(1);
    await shows([1]);
    expect(state().isEmpty).toBe(false);
  });

  it("misses nothing that happens between the list and the stream", async () => {
    await using server = await SseServer.start();
    server.append(1, 2);
    server.onList = () => {
      server.append(3, 4);
      return 200;
    };
    const { shows, state } = mounted(options(server));
    await shows([4, 3, 2, 1]);
    expect(state().newCount).toBe(2);
  });

  it("shows nothing twice that an open stream and the list both have", async () => {
    await using server = await SseServer.start();
    server.append(1, 2);
    const onActivity = vi.fn();
    const first = mounted(options(server));
    await until(() => expect(first.state().status).toBe("live"));
    const late: typeof fetch = async (address, init) => {
      server.append(3);
      await first.shows([3, 2, 1]);
      return fetch(address, init);
    };
    const second = mounted(options(server, { onActivity, fetch: late }));
    await second.shows([3, 2, 1]);
    server.append(4);
    await second.shows([4, 3, 2, 1]);
    expect(onActivity.mock.calls.map(([{ position }]) => position)).toEqual([4]);
    expect(server.visits).toHaveLength(1);
  });

  it("gives all hooks of a page one connection, and closes it with the last", async () => {
    await using server = await SseServer.start();
    const hooks = [
      mounted(options(server)),
      mounted(options(server)),
      mounted(options(server, { history: 0 })),
    ];
    for (const { state } of hooks) await until(() => expect(state().status).toBe("live"));
    server.append(1);
    for (const { shows } of hooks) await shows([1]);
    expect(server.visits).toHaveLength(1);
    for (const { hook } of hooks) hook.unmount();
    await until(() => expect(server.openStreams).toBe(0));
  });

  it("shares no connection between readers, nor between functions that give tokens", async () => {
    await using server = await SseServer.start();
    const function_ = async () => "c";
    for (const token of ["a", "b", "a", function_, function_, async () => "d"]) {
      mounted(options(server, { token }));
    }
    await server.arrived(4);
    await until(() => expect(server.openStreams).toBe(4));
    expect(server.visits.map(({ query }) => query.get("token")).sort()).toEqual(["a", "b", "c", "d"]);
    mounted(options(server, { token: async () => "e", share: "ada" }));
    mounted(options(server, { token: async () => "f", share: "ada" }));
    mounted(options(server, { token: "a", share: false }));
    await until(() => expect(server.openStreams).toBe(6));
  });

  it("loads older activities, page after page, to the first", async () => {
    await using server = await SseServer.start();
    server.append(1, 2, 3, 4, 5, 6, 7);
    const { shows, state } = mounted(options(server));
    await shows([7, 6, 5]);
    expect(state().hasOlder).toBe(true);
    server.append(8);
    await shows([8, 7, 6, 5]);
    await act(() => state().loadOlder());
    await shows([8, 7, 6, 5, 4, 3, 2]);
    await act(() => state().loadOlder());
    await shows([8, 7, 6, 5, 4, 3, 2, 1]);
    expect(state()).toMatchObject({ hasOlder: false, isLoadingOlder: false });
  });

  it("loads what its limit has pushed out", async () => {
    await using server = await SseServer.start();
    server.append(1, 2, 3);
    const { shows, state } = mounted(options(server, { limit: 3 }));
    await shows([3, 2, 1]);
    server.append(4, 5, 6, 7, 8);
    await shows([8, 7, 6]);
    await act(() => state().loadOlder());
    await shows([8, 7, 6, 5, 4]);
    await act(() => state().loadOlder());
    await act(() => state().loadOlder());
    await shows([8, 7, 6, 5, 4, 3, 2, 1]);
    expect(state().hasOlder).toBe(false);
  });

  it("keeps no more than maxActivities, however many are loaded", async () => {
    await using server = await SseServer.start();
    server.append(1, 2, 3, 4, 5, 6, 7, 8, 9);
    const { shows, state } = mounted(options(server, { limit: 3, maxActivities: 5 }));
    await shows([9, 8, 7]);
    await act(() => state().loadOlder());
    await shows([9, 8, 7, 6, 5]);
    expect(state().hasOlder).toBe(false);
    server.append(10);
    await shows([10, 9, 8, 7, 6]);
  });

  it("puts what comes late where its time belongs, and finds it again if that is not loaded yet", async () => {
    await using server = await SseServer.start();
    server.append(1, 2, 3, 4, 5);
    const { shows, state } = mounted(options(server));
    await shows([5, 4, 3]);
    await until(() => expect(state().status).toBe("live"));
    server.appendAt(6, 4);
    await shows([5, 6, 4, 3]);
    server.appendAt(7, 1);
    await until(() => expect(state().newCount).toBe(2));
    await act(() => state().loadOlder());
    await shows([5, 6, 4, 3, 2, 7]);
    await act(() => state().loadOlder());
    await shows([5, 6, 4, 3, 2, 7, 1]);
  });

  it("holds back what arrives while it is paused, counts all of it, and shows it without a gap", async () => {
    await using server = await SseServer.start();
    server.append(1, 2, 3);
    const { shows, state, positions } = mounted(options(server, { limit: 4 }));
    await until(() => expect(state().status).toBe("live"));
    act(() => state().pause());
    server.append(4, 5);
    await until(() => expect(state()).toMatchObject({ isPaused: true, pendingCount: 2 }));
    expect(positions()).toEqual([3, 2, 1]);
    act(() => state().resume());
    expect(positions()).toEqual([5, 4, 3, 2]);
    expect(state()).toMatchObject({ isPaused: false, pendingCount: 0 });
    act(() => state().pause());
    server.append(6, 7, 8, 9, 10, 11);
    await until(() => expect(state().pendingCount).toBe(6));
    act(() => state().resume());
    expect(positions()).toEqual([11, 10, 9, 8]);
    await act(() => state().loadOlder());
    await shows([11, 10, 9, 8, 7, 6]);
  });

  it("has no gap where more was held back than it can hold, and older ones were loaded meanwhile", async () => {
    await using server = await SseServer.start();
    server.append(1, 2, 3, 4, 5);
    const { shows, state, positions } = mounted(options(server, { limit: 3 }));
    await until(() => expect(state().status).toBe("live"));
    act(() => state().pause());
    server.append(6, 7, 8, 9, 10);
    await until(() => expect(state().pendingCount).toBe(5));
    await act(() => state().loadOlder());
    await shows([5, 4, 3, 2, 1]);
    act(() => state().resume());
    expect(positions()).toEqual([10, 9, 8]);
    await act(() => state().loadOlder());
    await shows([10, 9, 8, 7, 6]);
  });

  it("loads again what was held back when it was emptied", async () => {
    await using server = await SseServer.start();
    server.append(1, 2, 3);
    const { shows, state } = mounted(options(server));
    await until(() => expect(state().status).toBe("live"));
    act(() => state().pause());
    server.append(4);
    await until(() => expect(state().pendingCount).toBe(1));
    act(() => state().clear());
    await shows([]);
    await act(() => state().loadOlder());
    await shows([4, 3, 2]);
  });

  it("gives the same list at each render in which nothing has changed", async () => {
    await using server = await SseServer.start();
    server.append(1);
    const { hook, shows, state } = mounted(options(server));
    await shows([1]);
    const { activities } = state();
    hook.rerender(options(server));
    expect(state().activities).toBe(activities);
  });

  it("counts what is new since it was seen, and says how late the last one came", async () => {
    await using server = await SseServer.start();
    server.append(1);
    const { state } = mounted(options(server));
    await until(() => expect(state()).toMatchObject({ status: "live", newCount: 0, lagMs: null }));
    server.append(2, 3);
    await until(() => expect(state().newCount).toBe(2));
    // Activity 3 was stored in the third second of 1970.
    expect(state().lagMs).toBeGreaterThan(Date.now() - 60_000);
    act(() => state().markSeen());
    expect(state().newCount).toBe(0);
  });

  it("reads its list again after a reset, and keeps what it shows until then", async () => {
    await using server = await SseServer.start();
    server.append(1, 2);
    const onReset = vi.fn();
    const { shows, state, positions } = mounted(options(server, { onReset }));
    await until(() => expect(state().status).toBe("live"));
    server.append(3);
    await shows([3, 2, 1]);
    const shown: number[][] = [];
    server.onList = () => {
      shown.push(positions());
      server.append(5);
      return 200;
    };
    server.push('id: e-3\ndata: {"type":"reset","reason":"another log"}\n\n');
    await shows([5, 3, 2, 1]);
    expect(shown).toEqual([[3, 2, 1]]);
    expect(onReset).toHaveBeenCalledExactlyOnceWith("another log");
  });

  it("tries a list again that fails for a time, and shows why it has none", async () => {
    await using server = await SseServer.start();
    server.append(1);
    const statuses = [503, 401, 200];
    server.onList = async () => {
      const before = [null, 503, 401][server.lists.length - 1] ?? null;
      await until(() => expect((state().error as { status?: number } | null)?.status ?? null).toBe(before));
      return statuses[server.lists.length - 1] ?? 200;
    };
    const { shows, state } = mounted(options(server));
    await shows([1]);
    await until(() => expect(state()).toMatchObject({ status: "live", error: null }));
    expect(server.lists).toHaveLength(3);
  });

  it("stops at a list that is refused for good, until it is told to try again", async () => {
    await using server = await SseServer.start();
    server.append(1);
    server.onList = () => 422;
    const { shows, state } = mounted(options(server));
    await until(() => expect(state()).toMatchObject({ status: "stopped", isLoading: false }));
    expect(state().error).toMatchObject({ name: "ActivityListError", status: 422 });
    expect(server.visits).toEqual([]);
    server.onList = () => 200;
    act(() => state().reconnect());
    await shows([1]);
    await until(() => expect(state()).toMatchObject({ status: "live", error: null }));
  });

  it("keeps its rows when an older page fails, and may try again", async () => {
    await using server = await SseServer.start();
    server.append(1, 2, 3, 4, 5);
    const { shows, state } = mounted(options(server));
    await until(() => expect(state().status).toBe("live"));
    server.onList = () => 500;
    await act(() => state().loadOlder());
    expect(state()).toMatchObject({ isLoadingOlder: false, hasOlder: true, error: { status: 500 } });
    server.onList = () => 200;
    await act(() => state().loadOlder());
    await shows([5, 4, 3, 2, 1]);
    expect(state().error).toBeNull();
  });

  it("asks for the list with its filter and token", async () => {
    await using server = await SseServer.start();
    const asked: RequestInit[] = [];
    const fetching: typeof fetch = (address, init) => {
      asked.push(init ?? {});
      return fetch(address, init);
    };
    const filter = { user_id: ["a", "b"] };
    const { state } = mounted(options(server, { filter, token: async () => "t", fetch: fetching }));
    await until(() => expect(state().status).toBe("live"));
    expect(String(server.lists[0])).toBe("user_id=a&user_id=b&limit=3");
    expect(asked).toMatchObject([{ headers: { Authorization: "Bearer t" }, cache: "no-store" }]);
  });

  it("asks for another token when a list is refused, and for no third one", async () => {
    await using server = await SseServer.start();
    server.append(1, 2, 3, 4);
    const tokens = ["ended", "good"];
    const token = vi.fn(() => tokens.shift() ?? "good");
    server.onList = () => (server.headers.at(-1)?.authorization === "Bearer good" ? 200 : 401);
    const { shows, state } = mounted(options(server, { token }));
    await shows([4, 3, 2]);
    expect(state().error).toBeNull();
    await until(() => expect(state().status).toBe("live"));
    server.onList = () => 401;
    const asked = token.mock.calls.length;
    await act(() => state().loadOlder());
    expect(state().error).toMatchObject({ status: 401 });
    expect(token.mock.calls.length).toBe(asked + 2);
  });

  it("empties on request, and loads again what it had", async () => {
    await using server = await SseServer.start();
    server.append(1, 2, 3, 4);
    const { shows, state } = mounted(options(server));
    await until(() => expect(state().status).toBe("live"));
    act(() => state().clear());
    await shows([]);
    server.append(5);
    await shows([5]);
    await act(() => state().loadOlder());
    await shows([5, 4, 3, 2]);
  });

  it("reads one list and opens one stream in StrictMode that stays", async () => {
    await using server = await SseServer.start();
    server.append(1);
    const { shows, state } = mounted(options(server), StrictMode);
    await shows([1]);
    await until(() => expect(state().status).toBe("live"));
    server.append(2);
    await shows([2, 1]);
    expect(server.openStreams).toBe(1);
  });

  it("goes on without a gap after it was disabled", async () => {
    await using server = await SseServer.start();
    server.append(1);
    const { hook, shows, state } = mounted(options(server));
    await until(() => expect(state().status).toBe("live"));
    hook.rerender(options(server, { enabled: false }));
    server.append(2);
    expect(state().status).toBe("stopped");
    hook.rerender(options(server));
    await shows([2, 1]);
    expect(server.lists).toHaveLength(1);
  });
});
