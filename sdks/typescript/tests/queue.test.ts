import { describe, expect, it, vi } from "vitest";
import { gate, problem, type Scripted, ScriptedServer, stored } from "./support/scripted-server.js";
import { activity, users, world } from "./support/world.js";

/** A client that is closing tries at once, and then each 200 ms. */
const BEFORE_NEXT_ATTEMPT = 150;

describe("the queue", () => {
  it("drops the newest when it is full, and tells of the first and of their number", async () => {
    const held = gate();
    await using w = await world(
      async (request) => {
        await held.opened;
        return stored(request);
      },
      { maxQueueItems: 3 },
    );
    w.client.record(activity("a"));
    await w.server.arrived(1);
    for (const name of ["b", "c", "lost", "lost", "lost"]) w.client.record(activity(name));
    expect(w.client.stats).toMatchObject({ dropped: 3, queued: 3 });
    held.open();
    await w.client.flush();
    expect(users(w.server)).toEqual(["a", "b", "c"]);
    w.client.record(activity("d"));
    await w.client.flush();
    expect(w.errors).toMatchObject([
      { code: "queue_full", count: 1 },
      { code: "queue_full", count: 3, message: "the queue was full: 3 activities were dropped" },
    ]);
    expect(w.client.stats).toMatchObject({ sent: 4, dropped: 3, queued: 0 });
  });

  it("is bounded in bytes, too", async () => {
    await using w = await world(undefined, { maxQueueBytes: 3_000 });
    const large = { ...activity("large"), details: { k: "v".repeat(2_000) } };
    w.client.record(large);
    w.client.record(large);
    expect(w.client.stats).toMatchObject({ dropped: 1, queued: 1 });
    await w.client.flush();
    w.client.record(large);
    await w.client.flush();
    expect(w.client.stats).toMatchObject({ sent: 2, dropped: 1 });
  });

  it("says on flush whether all was sent in time, and goes on", async () => {
    const held = gate();
    await using w = await world(async (request) => {
      await held.opened;
      return stored(request);
    });
    w.client.record(activity("a"));
    expect(await w.client.flush(1)).toBe(false);
    held.open();
    expect(await w.client.flush()).toBe(true);
    expect(w.client.stats).toMatchObject({ sent: 1, queued: 0 });
  });

  it("says on flush that something was refused, once", async () => {
    await using w = await world((request) =>
      request.activities.some(({ user_id }) => user_id === "bad") ? problem(422) : stored(request),
    );
    w.client.record(activity("bad"));
    expect(await w.client.flush()).toBe(false);
    w.client.record(activity("good"));
    expect(await w.client.flush()).toBe(true);
    w.client.record({} as never);
    expect(await w.client.flush()).toBe(false);
  });

  it("says on flush and on close that something was dropped", async () => {
    await using w = await world(undefined, { maxQueueItems: 1 });
    for (const name of ["a", "dropped"]) w.client.record(activity(name));
    expect(await w.client.flush()).toBe(false);
    for (const name of ["b", "dropped"]) w.client.record(activity(name));
    expect(await w.client.close()).toBe(false);
    expect(w.client.stats).toMatchObject({ sent: 2, dropped: 2 });
  });

  it("tries again at once on a flush, unless the server said when", async () => {
    // Pauses of 10, 20 and 40 s: on a busy machine, too, it takes less than one of them if a flush ends them.
    const random = vi.spyOn(Math, "random").mockReturnValue(50);
    const answers: Scripted[] = ["network error", "network error", "network error"];
    await using w = await world((request) => answers.shift() ?? stored(request));
    w.client.record(activity("a"));
    await w.server.arrived(1);
    const began = performance.now();
    while (!(await w.client.flush(20))) await Promise.resolve();
    expect(performance.now() - began).toBeLessThan(9_000);
    expect(w.server.received).toHaveLength(4);
    random.mockReturnValue(0);
    answers.push(problem(503, { "retry-after": "1" }));
    w.client.record(activity("b"));
    await w.server.arrived(5);
    while (!(await w.client.flush(100))) await Promise.resolve();
    expect((w.server.received[5]?.at ?? 0) - (w.server.received[4]?.at ?? 0)).toBeGreaterThanOrEqual(1_000);
  });

  it("gives up on close after its time, and counts what is lost", async () => {
    await using w = await world(() => problem(503, { "retry-after": "60" }));
    for (const name of ["a", "b"]) w.client.record(activity(name));
    await expect.poll(() => w.errors.length).toBe(1);
    expect(await w.client.close(BEFORE_NEXT_ATTEMPT)).toBe(false);
    w.client.record(activity("after"));
    expect(w.client.stats).toMatchObject({ sent: 0, dropped: 3, queued: 0 });
    expect(w.errors.map(({ code, count }) => [code, count])).toEqual([
      ["unreachable", expect.any(Number)],
      ["closed", 2],
      ["closed", 1],
    ]);
  });

  it("says on close what was not acknowledged, which may be stored, apart from what is lost", async () => {
    const never = new Promise<never>(() => {});
    await using w = await world(() => never);
    for (const name of ["a", "b"]) w.client.record(activity(name));
    await w.server.arrived(1);
    w.client.record(activity("lost"));
    expect(await w.client.close(20)).toBe(false);
    expect(w.client.stats).toMatchObject({ sent: 0, dropped: 1, unacknowledged: 2, queued: 0 });
    expect(w.errors.map(({ code, message }) => [code, message])).toEqual([
      ["closed", "the client was closed before 1 activity was sent: lost"],
      ["unacknowledged", "the client was closed before 2 activities were acknowledged: they may be stored"],
    ]);
  });

  it("says that what an earlier request may have stored is not lost", async () => {
    await using w = await world((_, index) => (index === 0 ? "network error" : problem(503)));
    w.client.record(activity("a"));
    await w.server.arrived(3);
    await w.client.close(0);
    expect(w.client.stats).toMatchObject({ dropped: 0, unacknowledged: 1 });
  });

  it("says that what reached no server is lost", async () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    const gone = await ScriptedServer.start();
    const { url } = gone;
    await gone[Symbol.asyncDispose]();
    await using w = await world(undefined, { url });
    w.client.record(activity("a"));
    await expect.poll(() => w.errors.length).toBe(1);
    await w.client.close(BEFORE_NEXT_ATTEMPT);
    expect(w.errors.map(({ code }) => code)).toEqual(["unreachable", "closed"]);
    expect(w.client.stats).toMatchObject({ dropped: 1, unacknowledged: 0 });
  });

  it("gives up on close what is not answered", async () => {
    await using w = await world(() => new Promise<never>(() => {}));
    w.client.record(activity("a"));
    await w.server.arrived(1);
    const began = performance.now();
    expect(await w.client.close(20)).toBe(false);
    // Its request may take 10 s.
    expect(performance.now() - began).toBeLessThan(9_000);
    expect(w.client.stats).toMatchObject({ unacknowledged: 1, queued: 0 });
  });

  it("does not wait for an answer longer than it may", async () => {
    const never = new Promise<never>(() => {});
    await using w = await world((request, index) => (index === 0 ? never : stored(request)), {
      requestTimeoutMs: 20,
    });
    w.client.record(activity("a"));
    expect(await w.client.flush(12_000)).toBe(true);
    // A busy machine may answer another request too late, too: it is sent again like the first one.
    expect(w.server.received.length).toBeGreaterThanOrEqual(2);
    for (const sent of w.server.activities) expect(sent).toEqual(w.server.activities[0]);
  });
});
