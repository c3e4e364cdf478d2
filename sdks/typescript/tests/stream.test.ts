import { EventSource } from "eventsource";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { ActivityStream, type ActivityStreamOptions } from "../src/index.js";
import { SseServer } from "./support/sse-server.js";

/** A stream and everything that it tells. */
function follow(options: ActivityStreamOptions) {
  const positions: number[] = [];
  const told: string[] = [];
  const stream = new ActivityStream({
    EventSource,
    onActivity: ({ position }) => positions.push(position),
    onStatus: (status) => told.push(status),
    onReset: (reason) => told.push(`reset: ${reason}`),
    onAlert: (alert) => told.push(`alert: ${JSON.stringify(alert)}`),
    onError: ({ message }) => told.push(message),
    ...options,
  });
  stream.start();
  return { stream, positions, told, [Symbol.dispose]: () => stream.stop() };
}

/** An EventSource that says as little about errors as those of browsers. */
class SilentSource extends EventSource {
  override addEventListener(type: string, listener: unknown): void {
    const act = listener as (event: { type: string }) => void;
    super.addEventListener(type, (event: Event) => act(type === "error" ? { type } : event));
  }
}

const until = (fact: () => void) => vi.waitFor(fact, { timeout: 12_000, interval: 5 });

// Backoff is a random part of a second: none of it, here.
beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));

describe("a stream", () => {
  it("gives every activity once and in order, whatever cuts it", async () => {
    await using server = await SseServer.start((_, index) => (index === 2 || index === 5 ? 503 : "stream"));
    using followed = follow({ url: server.url });
    await until(() => expect(followed.stream.status).toBe("live"));
    for (let round = 0; round < 6; round += 1) {
      const first = round * 10 + 1;
      server.append(first, first + 1, first + 2);
      server.cut();
      server.append(first + 3, first + 4);
      await until(() => expect(followed.positions.at(-1)).toBe(first + 4));
    }
    const expected = [0, 1, 2, 3, 4, 5].flatMap((round) =>
      [1, 2, 3, 4, 5].map((place) => round * 10 + place),
    );
    expect(followed.positions).toEqual(expected);
    expect(followed.stream.lastEventId).toBe("e-55");
  });

  it("opens anew, from its cursor, what its source has given up", async () => {
    await using server = await SseServer.start((_, index) => (index === 0 || index === 2 ? 401 : "stream"));
    using followed = follow({ url: server.url, lastEventId: "e-0" });
    await server.arrived(2);
    server.append(1);
    await until(() => expect(followed.positions).toEqual([1]));
    server.cut();
    await server.arrived(4);
    expect(server.visits.map(({ query }) => query.get("last_event_id"))).toEqual([
      "e-0",
      "e-0",
      "e-0",
      "e-1",
    ]);
    expect(followed.told).toContain("the stream was answered with 401");
    await until(() => expect(followed.told.at(-1)).toBe("live"));
  });

  it("asks for another token whenever it connects", async () => {
    await using server = await SseServer.start();
    let tickets = 0;
    using followed = follow({
      url: server.url,
      token: async () => `t-${++tickets}`,
      tokenParameter: "ticket",
    });
    await until(() => expect(followed.stream.status).toBe("live"));
    server.cut();
    await server.arrived(2);
    expect(server.visits.map(({ query }) => query.get("ticket"))).toEqual(["t-1", "t-2"]);
    expect(server.visits[1]?.query.get("last_event_id")).toBe("e-0");
  });

  it("tries again when there is no token yet", async () => {
    await using server = await SseServer.start();
    const token = vi.fn().mockRejectedValueOnce(new Error("signed out")).mockResolvedValue("t");
    using followed = follow({ url: server.url, token });
    await until(() => expect(followed.stream.status).toBe("live"));
    expect(followed.told).toEqual(["connecting", "signed out", "live"]);
    expect(server.visits[0]?.query.get("token")).toBe("t");
  });

  it("reconnects when it is open but silent, and a heartbeat keeps it", { timeout: 60_000 }, async () => {
    await using server = await SseServer.start();
    using followed = follow({ url: server.url });
    await until(() => expect(followed.stream.status).toBe("live"));
    server.append(1);
    // From now on 3.5 s without a heartbeat are too many: a busy machine may delay one by seconds. Ten take 4 s.
    server.push('id: e-1\ndata: {"type":"connected","heartbeat_seconds":1.4}\n\n');
    let beats = 0;
    const beating = setInterval(() => {
      beats += 1;
      server.push(`event: heartbeat\nid: e-${beats + 1}\ndata: {}\n\n`);
      if (beats === 10) clearInterval(beating);
    }, 400);
    await server.arrived(2);
    expect(beats).toBe(10);
    expect(server.visits[1]?.query.get("last_event_id")).toBe("e-11");
    expect(followed.told).toContain("the stream was silent for too long");
  });

  it("gives nothing twice, even if it is sent twice", async () => {
    await using server = await SseServer.start();
    using followed = follow({ url: server.url });
    await until(() => expect(followed.stream.status).toBe("live"));
    server.append(1, 2, 2, 1, 3);
    await until(() => expect(followed.positions).toEqual([1, 2, 3]));
  });

  it("tells of a reset and of alerts, and takes the positions of another log", async () => {
    await using server = await SseServer.start();
    using followed = follow({ url: server.url });
    await until(() => expect(followed.stream.status).toBe("live"));
    server.append(9);
    server.push(
      'data: {"type":"reset","reason":"another log"}\n\ndata: {"type":"alert","data":{"rule":"r"}}\n\n',
    );
    server.append(1);
    await until(() => expect(followed.positions).toEqual([9, 1]));
    expect(followed.told.slice(2)).toEqual(["reset: another log", 'alert: {"rule":"r"}']);
  });

  it("survives frames that cannot be read and callbacks that throw", async () => {
    await using server = await SseServer.start();
    const seen: number[] = [];
    using followed = follow({
      url: server.url,
      onActivity: ({ position }) => {
        seen.push(position);
        throw new Error(`no ${position}`);
      },
    });
    await until(() => expect(followed.stream.status).toBe("live"));
    server.push('data: {\n\ndata: null\n\ndata: 7\n\ndata: {"type":"news"}\n\n');
    server.append(1, 2);
    await until(() => expect(seen).toEqual([1, 2]));
    expect(followed.told.slice(2)).toEqual(["no 1", "no 2"]);
  });

  it("reads messages with the parser that it is given, and ignores those that the parser refuses", async () => {
    await using server = await SseServer.start();
    const seen: unknown[] = [];
    using followed = follow({
      url: server.url,
      parse: (text) => JSON.parse(text.replace(/\d{17,}/g, '"$&"')),
      onActivity: ({ position, details }) => seen.push(position, details),
    });
    await until(() => expect(followed.stream.status).toBe("live"));
    const data = '{"position":1,"details":{"id":175928847299117063}}';
    server.push(`data: {\n\nid: e-1\ndata: {"type":"new_activity","data":${data}}\n\n`);
    await until(() => expect(seen).toEqual([1, { id: "175928847299117063" }]));
    expect(followed.stream.lastEventId).toBe("e-1");
  });

  it("sends its filter, with several values as several parameters", async () => {
    await using server = await SseServer.start();
    const filter = { user_id: ["u-1", "u-2"], success_filter: false, q: "", status: null };
    using _ = follow({ url: `${server.url}?tenant_id=t`, filter, token: "a b" });
    await server.arrived(1);
    expect(String(server.visits[0]?.query)).toBe(
      "tenant_id=t&success_filter=false&user_id=u-1&user_id=u-2&token=a+b",
    );
  });

  it("stops when it is told to, by us or by the server, and may start again where it was", async () => {
    await using server = await SseServer.start((_, index) => (index === 1 ? 204 : "stream"));
    using followed = follow({ url: server.url });
    await until(() => expect(followed.stream.status).toBe("live"));
    server.append(1);
    await until(() => expect(followed.positions).toEqual([1]));
    server.cut();
    await until(() => expect(followed.stream.status).toBe("stopped"));
    server.append(2);
    followed.stream.start();
    await until(() => expect(followed.positions).toEqual([1, 2]));
    followed.stream.stop();
    server.append(3);
    followed.stream.start();
    await until(() => expect(followed.positions).toEqual([1, 2, 3]));
  });

  it("says so where there is no EventSource", async () => {
    using followed = follow({ url: "http://localhost", EventSource: undefined });
    await until(() => expect(followed.told[1]).toContain("has no EventSource"));
  });

  it("says how it was refused, which a browser does not say, and asks for that once", async () => {
    await using server = await SseServer.start((_, index) => (index < 4 ? 403 : "stream"));
    using followed = follow({ url: server.url, EventSource: SilentSource });
    await until(() => expect(followed.stream.status).toBe("live"));
    expect(followed.told).toContain("the stream was answered with 403");
    expect(followed.told.at(-1)).toBe("live");
    expect(server.heads).toBe(1);
  });

  it("asks again how it was refused, if there was no answer", async () => {
    await using server = await SseServer.start((_, index) => (index < 4 ? 403 : "stream"));
    const { fetch } = globalThis;
    let unanswered = 0;
    vi.spyOn(globalThis, "fetch").mockImplementation((input, init) => {
      if (init?.method !== "HEAD" || unanswered > 0) return fetch(input, init);
      unanswered += 1;
      return Promise.reject(new TypeError("no network"));
    });
    using followed = follow({ url: server.url, EventSource: SilentSource });
    await until(() => expect(followed.stream.status).toBe("live"));
    expect(followed.told).toContain("the stream was answered with 403");
    expect(unanswered).toBe(1);
  });

  it("stops when a browser is told to", async () => {
    await using server = await SseServer.start(() => 204);
    using followed = follow({ url: server.url, EventSource: SilentSource });
    await until(() => expect(followed.stream.status).toBe("stopped"));
  });

  it("counts as cut when it was asked to come back and cannot", async () => {
    await using server = await SseServer.start((_, index) => (index === 1 ? 503 : "stream"));
    using followed = follow({ url: server.url });
    await until(() => expect(followed.stream.status).toBe("live"));
    server.push("event: comeback\ndata: {}\n\n");
    server.end();
    await server.arrived(3);
    await until(() =>
      expect(followed.told).toEqual([
        "connecting",
        "live",
        "reconnecting",
        "the stream was answered with 503",
        "live",
      ]),
    );
  });
});
