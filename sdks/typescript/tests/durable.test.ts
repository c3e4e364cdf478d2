import { describe, expect, it } from "vitest";
import { gate, problem, stored } from "./support/scripted-server.js";
import { activity, world } from "./support/world.js";

/** A client that is closing tries at once, and then each 200 ms. */
const BEFORE_NEXT_ATTEMPT = 150;

describe("recording durably", () => {
  it("resolves with the place in the log, alone and in a batch", async () => {
    await using w = await world();
    const alone = await w.client.recordDurably(activity("a"));
    expect(alone).toEqual({ id: w.server.activities[0]?.id, position: 1, duplicate: false });
    const both = await Promise.all([
      w.client.recordDurably(activity("b")),
      w.client.recordDurably(activity("c")),
    ]);
    expect(both.map(({ position }) => position)).toEqual([1, 2]);
    expect(both.map(({ id }) => id)).toEqual(w.server.activities.slice(1).map(({ id }) => id));
  });

  it("rejects for the one of a batch that is refused", async () => {
    await using w = await world((request) => {
      const answer = stored(request) as { body: { rejected: unknown[] } };
      answer.body.rejected = [{ index: 1, errors: [{ pointer: "/id", detail: "was stored before" }] }];
      return answer as never;
    });
    const [first, second] = await Promise.allSettled([
      w.client.recordDurably(activity("a")),
      w.client.recordDurably(activity("b")),
    ]);
    expect(first).toMatchObject({ status: "fulfilled", value: { position: 1 } });
    expect(second).toMatchObject({ reason: { code: "refused", errors: [{ pointer: "/id" }] } });
    // The caller that awaits it knows; onError is not told as well.
    expect(w.errors).toEqual([]);
    expect(w.client.stats).toMatchObject({ sent: 1, rejected: 1 });
  });

  it("rejects what cannot be sent, finds no room, or comes too late", async () => {
    const held = gate();
    await using w = await world(
      async (request) => {
        await held.opened;
        return stored(request);
      },
      { maxQueueItems: 1 },
    );
    await expect(w.client.recordDurably({} as never)).rejects.toMatchObject({ code: "invalid" });
    const late = w.client.recordDurably(activity("a"), { timeoutMs: 1 });
    late.catch(() => {});
    await expect(w.client.recordDurably(activity("b"))).rejects.toMatchObject({ code: "queue_full" });
    await w.server.arrived(1);
    await expect(late).rejects.toMatchObject({ code: "timeout", activityId: w.server.activities[0]?.id });
    held.open();
    await w.client.close();
    await expect(w.client.recordDurably(activity("c"))).rejects.toMatchObject({ code: "closed" });
  });

  it("rejects when the client is closed before the answer", async () => {
    await using w = await world(() => problem(503, { "retry-after": "60" }));
    const recorded = w.client.recordDurably(activity("a"));
    recorded.catch(() => {});
    await expect.poll(() => w.errors.length).toBe(1);
    await w.client.close(BEFORE_NEXT_ATTEMPT);
    await expect(recorded).rejects.toMatchObject({ code: "closed" });
  });

  it("rejects with what may be stored all the same when the client is closed meanwhile", async () => {
    await using w = await world(() => new Promise<never>(() => {}));
    const recorded = w.client.recordDurably(activity("a"));
    recorded.catch(() => {});
    await w.server.arrived(1);
    await w.client.close(1);
    const [sent] = w.server.activities;
    await expect(recorded).rejects.toMatchObject({ code: "unacknowledged", activityId: sent?.id });
  });

  it("does not take the answer of another server for its own", async () => {
    await using w = await world(() => ({ status: 200, body: "<html>" }));
    const recorded = w.client.recordDurably(activity("a"), { timeoutMs: 50 });
    recorded.catch(() => {});
    await w.server.arrived(2);
    await expect(recorded).rejects.toMatchObject({ code: "timeout" });
    expect(w.errors).toMatchObject([{ code: "unreachable", status: 200 }]);
  });
});
