import { describe, expect, it } from "vitest";
import type { BeforeSend, NewActivity } from "../src/index.js";
import { contractCases } from "./support/contract.js";
import { activity, users, world } from "./support/world.js";

describe("beforeSend", () => {
  it("sees what is about to be sent, and gives what is sent instead", async () => {
    const seen: unknown[] = [];
    const beforeSend: BeforeSend = (activity) => {
      seen.push(structuredClone(activity));
      return { ...activity, user_id: "someone", details: { ...activity.details, added: true } };
    };
    await using w = await world(undefined, { beforeSend });
    w.client.record({ adminId: 7, action: "x", metadata: { password: "p", plan: "pro" } });
    expect(await w.client.flush()).toBe(true);
    expect(seen).toMatchObject([
      { user_id: "7", is_admin: true, action_type: "x", details: { password: "[redacted]", plan: "pro" } },
    ]);
    const [sent] = w.server.activities;
    expect(sent).toMatchObject({
      user_id: "someone",
      details: { password: "[redacted]", plan: "pro", added: true },
    });
    expect(seen).toMatchObject([{ id: sent?.id, timestamp: sent?.timestamp }]);
  });

  it("sends nothing for null, and that is no loss", async () => {
    const beforeSend: BeforeSend = (activity) => (activity.user_id === "secret" ? null : activity);
    await using w = await world(undefined, { beforeSend });
    for (const name of ["a", "secret", "b"]) w.client.record(activity(name));
    await expect(w.client.recordDurably(activity("secret"))).rejects.toMatchObject({ code: "filtered" });
    expect(await w.client.flush()).toBe(true);
    expect(users(w.server)).toEqual(["a", "b"]);
    expect(w.client.stats).toMatchObject({ sent: 2, filtered: 2, rejected: 0, dropped: 0 });
    expect(w.errors).toEqual([]);
  });

  it("that fails lets nothing through, and does not disturb the application", async () => {
    const failing = [
      () => {
        throw new Error("no");
      },
      () => undefined,
      async (activity: unknown) => activity,
      () => ({ details: "neither user nor action" }),
    ];
    for (const beforeSend of failing) {
      await using w = await world(undefined, { beforeSend: beforeSend as unknown as BeforeSend });
      w.client.record(activity("a"));
      expect(await w.client.flush()).toBe(false);
      expect(w.errors).toMatchObject([{ code: "invalid" }]);
      expect(w.server.received).toEqual([]);
    }
  });

  it("cannot add a secret", async () => {
    const beforeSend: BeforeSend = (activity) => ({ ...activity, details: { api_key: "x" } });
    await using w = await world(undefined, { beforeSend });
    w.client.record(activity("a"));
    await w.client.flush();
    expect(w.server.activities).toMatchObject([{ details: { api_key: "[redacted]" } }]);
  });

  it("that changes nothing leaves every case of the contract as it is", async () => {
    await using plain = await world();
    await using hooked = await world(undefined, { beforeSend: (activity) => activity });
    for (const { in: given } of contractCases<{ in: object }>("shape.json")) {
      for (const { client } of [plain, hooked])
        client.record({ timestamp: 1_700_000_000, id: "i", ...given } as unknown as NewActivity);
    }
    await Promise.all([plain.client.flush(), hooked.client.flush()]);
    expect(plain.server.activities.length).toBeGreaterThan(10);
    expect(hooked.server.activities).toEqual(plain.server.activities);
  });
});
