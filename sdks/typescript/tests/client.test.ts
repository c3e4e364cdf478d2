import { gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { ActivityActions, Livetrail } from "../src/index.js";
import { gate, problem, type Scripted, stored } from "./support/scripted-server.js";
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
    client.putUser("u", { email: "a@example.com" });
    expect(await client.flush()).toBe(true);
    expect(await client.close()).toBe(true);
    expect(client.enabled).toBe(false);
    expect(client.stats.queued).toBe(0);
    await expect(client.recordDurably(activity("a"))).rejects.toMatchObject({ code: "off" });
    expect(warn).toHaveBeenCalledOnce();
    vi.unstubAllEnvs();
  });

  it("is off with an address or a key that can be none", () => {
    const options = { key: "k", onError: () => {} };
    expect(new Livetrail({ ...options, url: "localhost:7777" }).enabled).toBe(false);
    expect(new Livetrail({ ...options, key: "two\nlines" }).enabled).toBe(false);
    expect(new Livetrail({ ...options, url: "https://log.example/prefix/" }).enabled).toBe(true);
  });
});

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

  it("tries again at once when somebody flushes, unless the server said when", async () => {
    vi.spyOn(Math, "random").mockReturnValue(1);
    const answers: Scripted[] = ["network error", "network error", "network error"];
    await using w = await world((request) => answers.shift() ?? stored(request));
    w.client.record(activity("a"));
    await w.server.arrived(1);
    const began = performance.now();
    while (!(await w.client.flush(20))) await Promise.resolve();
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(w.server.received).toHaveLength(4);
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
    expect(await w.client.close(50)).toBe(false);
    w.client.record(activity("after"));
    expect(w.client.stats).toMatchObject({ sent: 0, dropped: 3, queued: 0 });
    expect(w.errors.map(({ code, count }) => [code, count])).toEqual([
      ["unreachable", expect.any(Number)],
      ["closed", 2],
      ["closed", 1],
    ]);
  });

  it("gives up on close what is not answered", async () => {
    await using w = await world(() => new Promise<never>(() => {}));
    w.client.record(activity("a"));
    await w.server.arrived(1);
    const began = performance.now();
    expect(await w.client.close(20)).toBe(false);
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(w.client.stats).toMatchObject({ dropped: 1, queued: 0 });
  });

  it("does not wait for an answer longer than it may", async () => {
    const never = new Promise<never>(() => {});
    await using w = await world((request, index) => (index === 0 ? never : stored(request)), {
      requestTimeoutMs: 20,
    });
    w.client.record(activity("a"));
    expect(await w.client.flush()).toBe(true);
    expect(w.server.received).toHaveLength(2);
    expect(w.server.activities[0]).toEqual(w.server.activities[1]);
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

  it("go to the console once where nobody wants to know them", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
    await using w = await world(() => problem(401), { onError: undefined });
    for (const name of ["a", "b"]) w.client.record(activity(name));
    await w.client.flush();
    expect(warn).toHaveBeenCalledOnce();
  });
});

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
    // Whoever awaits it knows; nobody is told twice.
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
    await using w = await world(() => problem(503));
    const recorded = w.client.recordDurably(activity("a"));
    recorded.catch(() => {});
    await w.server.arrived(1);
    await w.client.close(1);
    await expect(recorded).rejects.toMatchObject({ code: "closed" });
  });

  it("rejects where somebody else answers", async () => {
    await using w = await world(() => ({ status: 200, body: "<html>" }));
    await expect(w.client.recordDurably(activity("a"))).rejects.toMatchObject({ code: "refused" });
  });
});

describe("users", () => {
  it("are put under their id, in order with the activities", async () => {
    await using w = await world();
    w.client.record(activity("a"));
    w.client.putUser("b/ü", { email: "b@example.com", displayName: "B\0" });
    w.client.record(activity("b/ü"));
    await w.client.flush();
    expect(w.server.received.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "POST /api/activity",
      "PUT /api/users/b%2F%C3%BC",
      "POST /api/activity",
    ]);
    expect(w.server.received[1]?.body).toEqual({ email: "b@example.com", display_name: "B" });
    expect(w.client.stats).toMatchObject({ sent: 2, queued: 0 });
  });

  it("that cannot be read do not disturb the application", async () => {
    await using w = await world();
    w.client.putUser("", { displayName: "U" });
    w.client.putUser("u", undefined as never);
    const hostile = {
      toString: () => {
        throw new Error("no");
      },
    };
    w.client.putUser(hostile as never, {});
    expect(w.errors.map(({ code }) => code)).toEqual(["invalid", "invalid", "invalid"]);
    expect(w.client.stats).toMatchObject({ rejected: 0, queued: 0 });
    expect(await w.client.flush()).toBe(false);
  });

  it("that are refused are told of, and count as no activity", async () => {
    await using w = await world(() => problem(422));
    w.client.putUser("u", { displayName: "U" });
    await w.client.flush();
    expect(w.errors).toMatchObject([{ code: "refused", message: expect.stringContaining("a user") }]);
    expect(w.client.stats).toMatchObject({ sent: 0, rejected: 0 });
  });
});
