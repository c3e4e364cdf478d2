import { gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { ActivityActions, Livetrail } from "../src/index.js";
import { gate, problem, stored } from "./support/scripted-server.js";
import { activity, users, world } from "./support/world.js";

describe("recording", () => {
  it("takes the admin tracker's call as it is, and does not wait for the network", async () => {
    const held = gate();
    await using w = await world(async (request) => ({
      ...(stored(request) as object),
      status: 201,
      after: held.opened,
    }));
    await w.client.logActivity({
      adminId: 7,
      sessionId: "s-1",
      action: ActivityActions.USER_CREATED,
      entityType: "user",
      entityId: 42,
      ipAddress: "203.0.113.9, 10.0.0.1",
      userAgent: "curl/8",
      success: true,
      metadata: { email: "a@example.com", role: "editor" },
    });
    await w.server.arrived(1);
    held.open();
    expect(await w.client.flush()).toBe(true);
    expect(w.server.activities).toMatchObject([
      {
        user_id: "7",
        is_admin: true,
        session_id: "s-1",
        action_type: "user_created",
        resource_type: "user",
        target_resource_id: "42",
        ip_address: "203.0.113.9",
        user_agent: "curl/8",
        success: true,
        details: { email: "a@example.com", role: "editor" },
      },
    ]);
  });

  it("sends what one task records in one request, with the key, in order", async () => {
    await using w = await world();
    for (const name of ["a", "b", "c"]) w.client.record(activity(name));
    await w.client.flush();
    expect(w.server.received).toHaveLength(1);
    expect(w.server.received[0]).toMatchObject({ method: "POST", path: "/api/activity" });
    expect(w.server.received[0]?.headers.authorization).toBe("Bearer k");
    expect(users(w.server)).toEqual(["a", "b", "c"]);
  });

  it("never throws, whatever it is given, and counts what it cannot send", async () => {
    await using w = await world();
    const nonsense = [
      null,
      undefined,
      7,
      "text",
      [],
      {},
      Object.create(null),
      { user_id: "u" },
      { action_type: "a" },
    ];
    const throwing = {
      get user_id(): string {
        throw new Error("no");
      },
      action_type: "a",
    };
    for (const given of [...nonsense, throwing, { userId: "u", adminId: "a", action: "x" }]) {
      expect(w.client.record(given as never)).toBeUndefined();
      await expect(w.client.logActivity(given as never)).resolves.toBeUndefined();
    }
    expect(w.client.stats).toMatchObject({ sent: 0, rejected: 22, queued: 0 });
    expect(new Set(w.errors.map(({ code }) => code))).toEqual(new Set(["invalid"]));
  });

  it("keeps an activity as it was when it was recorded", async () => {
    await using w = await world();
    const details = { step: 1 };
    w.client.record({ ...activity("a"), details });
    details.step = 2;
    await w.client.flush();
    expect(w.server.activities).toMatchObject([{ details: { step: 1 } }]);
  });

  it("keeps the words of exceptions only if it is told to", async () => {
    await using w = await world();
    await using keeping = await world(undefined, { includeErrorMessage: true });
    for (const { client } of [w, keeping]) {
      client.record({ ...activity("a"), details: { error: new Error("of Ada") } });
      await client.flush();
    }
    expect(w.server.activities).toMatchObject([{ details: { error: { name: "Error" } } }]);
    expect(JSON.stringify(w.server.activities)).not.toContain("Ada");
    expect(keeping.server.activities).toMatchObject([{ details: { error: { message: "of Ada" } } }]);
  });

  it("makes ids that are in order, and keeps the sender's", async () => {
    await using w = await world();
    for (let number = 0; number < 100; number += 1) w.client.record(activity("a"));
    const id = "0198c0de-7a3b-7000-8000-0123456789ab";
    w.client.record({ ...activity("b"), id });
    await w.client.flush();
    const ids = w.server.activities.map((sent) => String(sent.id));
    expect(ids.pop()).toBe(id);
    expect(ids).toEqual([...new Set(ids)].sort());
  });

  it("compresses what is large, and only that", async () => {
    await using w = await world();
    w.client.record(activity("small"));
    await w.client.flush();
    w.client.record({ ...activity("large"), details: { k: "v".repeat(2_000) } });
    await w.client.flush();
    expect(w.server.received.map(({ headers }) => headers["content-encoding"])).toEqual([undefined, "gzip"]);
    expect(Number(w.server.received[1]?.headers["content-length"])).toBeLessThan(
      gzipSync("v".repeat(2_000)).length + 300,
    );
  });

  it("wants no answer from a cache, which Next.js would give to the same body", async () => {
    const asked: RequestInit[] = [];
    const fetch = async (_: string, init: RequestInit) => {
      asked.push(init);
      return Response.json({ id: "x", position: 1 }, { status: 201 });
    };
    const client = new Livetrail({ url: "http://log.example/prefix/", key: "k", fetch });
    client.record(activity("a"));
    await client.close();
    expect(asked).toMatchObject([{ cache: "no-store", redirect: "manual" }]);
  });

  it("is off without a key, with one warning", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    vi.stubEnv("LIVETRAIL_KEY", "");
    const client = new Livetrail();
    client.record(activity("a"));
    await client.logActivity(activity("a"));
    expect(client.enabled).toBe(false);
    expect(client.stats).toMatchObject({ sent: 0, dropped: 2, queued: 0 });
    await expect(client.recordDurably(activity("a"))).rejects.toMatchObject({ code: "off" });
    expect(warn).toHaveBeenCalledOnce();
    vi.unstubAllEnvs();
  });

  it("says on flush and on close that what it was given while it is off is not sent", async () => {
    const recordings: ((client: Livetrail) => unknown)[] = [
      (client) => client.record(activity("a")),
      (client) => client.logActivity(activity("a")),
      (client) => client.recordDurably(activity("a")).catch(() => {}),
      (client) => client.putUser("u", { email: "a@example.com" }),
      (client) => client.refuse(new Error("no words for it")),
    ];
    for (const url of ["http://127.0.0.1:1", "localhost:7777"]) {
      const client = new Livetrail({ url, key: url.startsWith("http") ? "" : "k", onError: () => {} });
      expect(client.enabled).toBe(false);
      expect(await client.flush()).toBe(true);
      for (const record of recordings) {
        record(client);
        expect(await client.flush()).toBe(false);
        expect(await client.flush()).toBe(true);
        record(client);
        expect(await client.close()).toBe(false);
      }
    }
  });

  it("is off with an address or a key that can be none", () => {
    const options = { key: "k", onError: () => {} };
    expect(new Livetrail({ ...options, url: "localhost:7777" }).enabled).toBe(false);
    expect(new Livetrail({ ...options, key: "two\nlines" }).enabled).toBe(false);
    expect(new Livetrail({ ...options, url: "https://log.example/prefix/" }).enabled).toBe(true);
  });
});

describe("errors", () => {
  it("tells why each activity was refused", async () => {
    const errors = [{ pointer: "/user_id", detail: "must be text" }];
    await using w = await world(() => ({ status: 422, body: { title: "Invalid", errors } }));
    w.client.record(activity("a"));
    await w.client.flush();
    expect(w.errors).toMatchObject([
      { code: "refused", status: 422, errors, activityId: w.server.activities[0]?.id },
    ]);
    expect(w.errors[0]?.message).toContain("/user_id must be text");
  });

  it("tells of an outage once, and what happened when it is over is as if it had not been", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    await using w = await world((request, index) => (index < 3 ? problem(500) : stored(request)));
    w.client.record(activity("a"));
    await w.client.flush();
    expect(w.errors).toMatchObject([{ code: "unreachable", status: 500 }]);
    expect(w.client.stats).toMatchObject({ sent: 1, rejected: 0, dropped: 0 });
  });

  it("finds the activity whose tenant is refused, and sends the others", async () => {
    await using w = await world((request) =>
      request.activities.some(({ tenant_id }) => tenant_id === "other") ? problem(403) : stored(request),
    );
    for (const tenant_id of [null, "other", null, null]) w.client.record({ ...activity("a"), tenant_id });
    await w.client.flush();
    expect(w.client.stats).toMatchObject({ sent: 3, rejected: 1 });
  });

  it("does not follow a redirect, which would make a GET of it", async () => {
    await using elsewhere = await world();
    await using w = await world(() => ({ status: 302, headers: { location: elsewhere.server.url } }));
    w.client.record(activity("a"));
    await w.client.flush();
    expect(elsewhere.server.received).toEqual([]);
    expect(w.errors).toMatchObject([{ code: "refused", status: 302 }]);
  });

  it("of the callback do no harm", async () => {
    await using w = await world(() => problem(401), {
      onError: () => {
        throw new Error("no");
      },
    });
    w.client.record(activity("a"));
    await w.client.flush();
    expect(w.client.stats.rejected).toBe(1);
  });

  it("of a full queue go to the console with their number", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    await using w = await world(undefined, { onError: undefined, maxQueueItems: 1 });
    for (const name of ["a", "lost", "lost", "lost"]) w.client.record(activity(name));
    await w.client.flush();
    expect(warn.mock.calls.map(([said]) => String(said))).toEqual([
      expect.stringContaining("the queue is full"),
      "livetrail: the queue was full: 3 activities were dropped",
    ]);
  });

  it("go to the console once where the application has no callback", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    await using w = await world(() => problem(401), { onError: undefined });
    for (const name of ["a", "b"]) w.client.record(activity(name));
    await w.client.flush();
    expect(warn).toHaveBeenCalledOnce();
  });
});
