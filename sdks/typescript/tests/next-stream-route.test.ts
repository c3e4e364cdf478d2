import { EventSource } from "eventsource";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ActivityStream, Livetrail } from "../src/index.js";
import { limited } from "../src/next/limited.js";
import { type StreamRouteOptions, streamRoute } from "../src/next.js";
import { BINARY, LivetrailBinary } from "./support/livetrail-binary.js";
import { RouteServer } from "./support/route-server.js";
import { SseServer } from "./support/sse-server.js";

const KEY = "lt_viewer_of_the_route";
const until = (fact: () => void) => vi.waitFor(fact, { timeout: 12_000, interval: 5 });

/** A route before a server, and where it is. */
async function routed(server: { origin: string }, options: Partial<StreamRouteOptions> = {}) {
  const route = streamRoute({ authorize: () => true, url: server.origin, key: KEY, ...options });
  return RouteServer.start(route);
}

/** A stream through the route, and the positions that it brings. */
function follow(url: string) {
  const positions: number[] = [];
  const onActivity = ({ position }: { position: number }) => positions.push(position);
  const statuses: string[] = [];
  const onStatus = (status: string) => statuses.push(status);
  const stream = new ActivityStream({ url, EventSource, onActivity, onStatus });
  stream.start();
  return { stream, positions, statuses, [Symbol.dispose]: () => stream.stop() };
}

const asStream = { headers: { accept: "text/event-stream" } };

beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));
afterEach(() => void vi.useRealTimers());

describe("streamRoute", () => {
  it("passes lists on, with the filter of the page and the key of the server", async () => {
    await using server = await SseServer.start();
    await using route = await routed(server);
    server.append(1, 2);
    const answer = await fetch(`${route.origin}/api/activity?limit=1&user_id=a&user_id=!b`);
    expect(await answer.json()).toMatchObject({ data: [{ position: 2 }], head_cursor: "e-2" });
    expect(String(server.lists[0])).toBe("limit=1&user_id=a&user_id=%21b");
    expect(server.headers[0]?.authorization).toBe(`Bearer ${KEY}`);
  });

  it("passes streams on as they come, and goes on after Last-Event-ID", async () => {
    await using server = await SseServer.start();
    await using route = await routed(server);
    using followed = follow(`${route.origin}/api/activity`);
    await until(() => expect(followed.stream.status).toBe("live"));
    server.append(1);
    await until(() => expect(followed.positions).toEqual([1]));
    server.cut();
    server.append(2);
    await until(() => expect(followed.positions).toEqual([1, 2]));
    expect(server.visits[1]?.lastEventId).toBe("e-1");
    expect(server.headers.every(({ authorization }) => authorization === `Bearer ${KEY}`)).toBe(true);
  });

  it("answers what nothing on the way keeps, compresses or holds back", async () => {
    await using server = await SseServer.start();
    await using route = await routed(server);
    for (const init of [{}, asStream]) {
      const { headers, body } = await fetch(`${route.origin}/api/activity?limit=1`, init);
      expect(headers.get("cache-control")).toBe("no-store, no-transform");
      expect(headers.get("x-accel-buffering")).toBe("no");
      await body?.cancel();
    }
  });

  it("passes no credential of the page on, and none of its cookies", async () => {
    await using server = await SseServer.start();
    await using route = await routed(server);
    const headers = { cookie: "session=1", authorization: "Bearer other" };
    await fetch(`${route.origin}/api/activity?token=other&ticket=t&limit=1`, { headers });
    expect(String(server.lists[0])).toBe("limit=1");
    expect(server.headers[0]).toMatchObject({ authorization: `Bearer ${KEY}` });
    expect(server.headers[0]?.cookie).toBeUndefined();
  });

  it("asks for each request whether this reader may read, and asks Livetrail nothing otherwise", async () => {
    await using server = await SseServer.start();
    const authorize = vi.fn((request: Request): boolean => request.headers.get("cookie") === "admin");
    await using route = await routed(server, { authorize });
    const status = async (cookie: string) =>
      (await fetch(`${route.origin}/api/activity?limit=1`, { headers: { cookie } })).status;
    expect(await status("someone")).toBe(401);
    expect(await status("admin")).toBe(200);
    expect(await status("someone")).toBe(401);
    expect(authorize).toHaveBeenCalledTimes(3);
    expect(server.lists).toHaveLength(1);
  });

  it("lets in for true and for an object only, and gives back a response of its own", async () => {
    await using server = await SseServer.start();
    const answers = [undefined, null, false, "ada", 1, {}, new Response("no", { status: 403 })];
    const statuses: number[] = [];
    for (const answer of answers) {
      await using route = await routed(server, { authorize: () => answer as never });
      statuses.push((await fetch(`${route.origin}/api/activity?limit=1`)).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 200, 403]);
    expect(() => streamRoute({} as never)).toThrow("authorize");
  });

  it("fixes filters that the page cannot change, whatever their values mean elsewhere", async () => {
    await using server = await SseServer.start();
    const authorize = () => ({ filter: { tenant_id: "a,!b", q: "x, y" }, key: "lt_of_the_tenant" });
    await using route = await routed(server, { authorize });
    await fetch(`${route.origin}/api/activity?tenant_id=other&tenant_id=!a&q=z&limit=1`);
    expect([...(server.lists[0] ?? [])]).toEqual([
      ["limit", "1"],
      ["tenant_id", "a\\,\\!b"],
      ["q", "x, y"],
    ]);
    expect(server.headers[0]?.authorization).toBe("Bearer lt_of_the_tenant");
  });

  it("shows nothing where a fixed filter has no value", async () => {
    await using server = await SseServer.start();
    for (const tenant_id of [undefined, null, "", " ", []]) {
      await using route = await routed(server, { authorize: () => ({ filter: { tenant_id } }) });
      await fetch(`${route.origin}/api/activity`).then(
        (answer) => expect(answer.status).toBe(500),
        () => {},
      );
    }
    expect(server.lists).toEqual([]);
  });

  it("leaves Livetrail when its reader leaves", async () => {
    await using server = await SseServer.start();
    await using route = await routed(server);
    const leaving = new AbortController();
    await fetch(`${route.origin}/api/activity`, { ...asStream, signal: leaving.signal });
    await until(() => expect(server.openStreams).toBe(1));
    leaving.abort();
    await until(() => expect(server.openStreams).toBe(0));
  });

  it("ends a stream after its time, so that it is asked for again, without a gap or a repetition", async () => {
    await using server = await SseServer.start();
    const authorize = vi.fn(() => true);
    await using route = await routed(server, { authorize, streamSeconds: 0.03 });
    using followed = follow(`${route.origin}/api/activity`);
    await until(() => expect(followed.stream.status).toBe("live"));
    let position = 0;
    await until(() => {
      server.append(++position);
      expect(authorize.mock.calls.length).toBeGreaterThan(5);
    });
    await until(() => expect(followed.positions.at(-1)).toBe(position));
    expect(followed.positions).toEqual(Array.from({ length: position }, (_, index) => index + 1));
    await until(() => expect(server.openStreams).toBeLessThan(2));
    // Each of these ends was announced, so that a reader sees none of them.
    expect(followed.statuses).toEqual(["connecting", "live"]);
  });

  it("ends a stream between frames only", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const write = (text: string) => void writer.write(new TextEncoder().encode(text)).catch(() => {});
    const abort = vi.fn();
    const reader = limited(readable, 1_000, abort).getReader();
    const read = async () => new TextDecoder().decode((await reader.read()).value);
    write("data: half a ");
    expect(await read()).toBe("data: half a ");
    vi.advanceTimersByTime(2_000);
    expect(abort).not.toHaveBeenCalled();
    write("frame\n\n");
    expect(await read()).toBe("frame\n\n");
    expect(await read()).toMatch(/^retry: \d+\nevent: comeback\ndata: \{\}\n\n$/);
    expect((await reader.read()).done).toBe(true);
    expect(abort).toHaveBeenCalledOnce();
  });

  it("brings streams back, and says 503 for lists, while Livetrail is away", async () => {
    const closed = await SseServer.start();
    const away = { origin: closed.origin };
    await closed[Symbol.asyncDispose]();
    await using broken = await SseServer.start(() => 503);
    broken.onList = () => 503;
    for (const server of [away, broken]) {
      await using route = await routed(server);
      const stream = await fetch(`${route.origin}/api/activity`, asStream);
      expect([stream.status, await stream.text()]).toEqual([200, "retry: 1000\n\n"]);
      expect((await fetch(`${route.origin}/api/activity`)).status).toBe(503);
    }
  });

  it("passes refused filters on, and does not tell readers to sign in when its own key is refused", async () => {
    await using server = await SseServer.start((_, index) => [422, 401, 403][index] ?? 200);
    server.onList = () => [422, 401, 403][server.lists.length - 1] ?? 200;
    await using route = await routed(server);
    const statuses = async (init: RequestInit) => {
      const answers = [];
      for (let time = 0; time < 3; time += 1) answers.push(await fetch(`${route.origin}/api/activity`, init));
      return answers.map(({ status }) => status);
    };
    expect(await statuses({})).toEqual([422, 502, 502]);
    expect(await statuses(asStream)).toEqual([422, 502, 502]);
  });

  it("opens no stream for HEAD, and answers it as it would answer the stream", async () => {
    await using server = await SseServer.start();
    await using route = await routed(server);
    const answer = await fetch(`${route.origin}/api/activity`, { ...asStream, method: "HEAD" });
    expect(answer.status).toBe(200);
    expect([server.heads, server.visits.length]).toEqual([1, 0]);
  });

  it("says what is missing where there is no key", async () => {
    const route = streamRoute({ authorize: () => true });
    await expect(route(new Request("http://app.example/api/activity"))).rejects.toThrow(
      "LIVETRAIL_VIEWER_KEY is not set",
    );
  });

  it.skipIf(!BINARY)("serves lists and streams of the real server", async () => {
    await using server = await LivetrailBinary.start();
    const client = new Livetrail({ url: server.url, key: server.key("writer") });
    const authorize = () => ({ filter: { user_id: "a,b" } });
    await using route = await routed({ origin: server.url }, { authorize, key: server.key("viewer") });
    await client.recordDurably({ userId: "a,b", actionType: "first" });
    await client.recordDurably({ userId: "a", actionType: "hidden" });
    const list = await fetch(`${route.origin}/api/activity?limit=5&user_id=a`);
    const { data, head_cursor } = (await list.json()) as { data: { user_id: string }[]; head_cursor: string };
    expect(data).toMatchObject([{ user_id: "a,b", action_type: "first" }]);
    using followed = follow(`${route.origin}/api/activity?last_event_id=${head_cursor}`);
    await client.recordDurably({ userId: "a", actionType: "hidden" });
    const { position } = await client.recordDurably({ userId: "a,b", actionType: "second" });
    await until(() => expect(followed.positions).toEqual([position]));
    await client.close();
  });
});
