import { describe, expect, it } from "vitest";
import { activity, users, world } from "./support/world.js";

/** So long that no test outlasts it: what goes all the same did not wait for it. */
const requestIntervalMs = 3_600_000;

/** A later task, as the next request of an application is. */
const nextTask = () => new Promise((resolve) => setImmediate(resolve));

/** A client that has just sent its first activity. */
async function paced() {
  const w = await world(undefined, { requestIntervalMs });
  w.client.record(activity("first"));
  await w.server.arrived(1);
  await expect.poll(() => w.client.stats.sent).toBe(1);
  return w;
}

describe("activities of several tasks", () => {
  it("travel together after the first", async () => {
    await using w = await paced();
    for (const name of ["a", "b", "c"]) {
      w.client.record(activity(name));
      await nextTask();
    }
    expect(w.server.received).toHaveLength(1);
    expect(await w.client.flush()).toBe(true);
    expect(w.server.received.map(({ activities }) => activities.length)).toEqual([1, 3]);
    expect(users(w.server)).toEqual(["first", "a", "b", "c"]);
  });

  it("go when the time is over", async () => {
    await using w = await world(undefined, { requestIntervalMs: 1 });
    w.client.record(activity("a"));
    await w.server.arrived(1);
    w.client.record(activity("b"));
    await w.server.arrived(2);
    expect(users(w.server)).toEqual(["a", "b"]);
  });

  it("do not wait once they fill a request", async () => {
    await using w = await paced();
    for (let number = 0; number < 100; number += 1) w.client.record(activity(`${number}`));
    await w.server.arrived(2);
    expect(w.server.received[1]?.activities).toHaveLength(100);
  });

  it("do not wait once they fill a request by their size", async () => {
    await using w = await paced();
    const details = { k: "v".repeat(60_000) };
    for (let number = 0; number < 9; number += 1) w.client.record({ ...activity("a"), details });
    await w.server.arrived(2);
    expect(w.server.received[1]?.activities).toHaveLength(8);
  });

  it("do not wait where one is awaited", async () => {
    await using w = await paced();
    w.client.record(activity("a"));
    await nextTask();
    await w.client.recordDurably(activity("b"));
    expect(w.server.received.map(({ activities }) => activities.length)).toEqual([1, 2]);
  });

  it("do not wait where the client is closed", async () => {
    await using w = await paced();
    w.client.record(activity("a"));
    await nextTask();
    expect(await w.client.close()).toBe(true);
    expect(users(w.server)).toEqual(["first", "a"]);
  });
});
