import { beforeEach, describe, expect, it, vi } from "vitest";
import { SseServer } from "./support/sse-server.js";
import { Browser, type Tab } from "./support/tabs.js";

const until = (fact: () => void) => vi.waitFor(fact, { timeout: 12_000, interval: 5 });
const live = (...tabs: Tab[]) =>
  until(() => expect(tabs.map(({ stream }) => stream.status)).toEqual(tabs.map(() => "live")));
const got = (tab: Tab, expected: number[]) => until(() => expect(tab.positions).toEqual(expected));
/** A heartbeat of 40 ms: after 100 ms of silence a leader counts as frozen. */
const QUICK = 'data: {"type":"connected","heartbeat_seconds":0.04}\n\n';

beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));

describe("tabs", () => {
  it("share one connection, and each gets everything once", async () => {
    await using server = await SseServer.start();
    using browser = new Browser();
    const tabs = [1, 2, 3].map(() => browser.open(server.url, null));
    await live(...tabs);
    server.append(1, 2);
    for (const tab of tabs) await got(tab, [1, 2]);
    expect(server.visits).toHaveLength(1);
    expect(tabs.map(({ stream }) => stream.cursor)).toEqual(["e-2", "e-2", "e-2"]);
  });

  it("let a new one join the open stream, and tell it where that is", async () => {
    await using server = await SseServer.start();
    using browser = new Browser();
    const first = browser.open(server.url, null);
    await live(first);
    server.append(1);
    await got(first, [1]);
    const second = browser.open(server.url);
    await second.stream.ready();
    expect(second.stream.cursor).toBe("e-1");
    server.append(2);
    await got(second, [2]);
    expect(second.stream.start("e-9")).toBe(false);
    expect(server.visits).toHaveLength(1);
  });

  it("open the stream where a follower wants it, if the leader has not", async () => {
    await using server = await SseServer.start();
    server.append(1, 2, 3);
    using browser = new Browser();
    const leader = browser.open(server.url);
    await leader.stream.ready();
    const follower = browser.open(server.url, "e-1");
    await got(follower, [2, 3]);
    expect(server.visits).toHaveLength(1);
    expect(leader.positions).toEqual([2, 3]);
  });

  it("catch up alone from another cursor, and share again from where they meet", async () => {
    await using server = await SseServer.start();
    using browser = new Browser();
    const leader = browser.open(server.url, null);
    await live(leader);
    server.append(1, 2, 3);
    await got(leader, [1, 2, 3]);
    const late = browser.open(server.url, "e-1");
    await got(late, [2, 3]);
    await until(() => expect(server.openStreams).toBe(1));
    server.append(4);
    await got(late, [2, 3, 4]);
    await got(leader, [1, 2, 3, 4]);
    expect(server.visits).toHaveLength(2);
  });

  it("hand over without a gap when the leader closes", async () => {
    await using server = await SseServer.start();
    using browser = new Browser();
    const [first, second, third] = [1, 2, 3].map(() => browser.open(server.url, null)) as [Tab, Tab, Tab];
    await live(first, second, third);
    server.append(1);
    await got(third, [1]);
    first.close();
    server.append(2);
    await got(second, [1, 2]);
    await got(third, [1, 2]);
    second.close();
    server.append(3);
    await got(third, [1, 2, 3]);
    expect(server.visits.map(({ query }) => query.get("last_event_id"))).toEqual([null, "e-1", "e-2"]);
    await until(() => expect(server.openStreams).toBe(1));
  });

  it("hand over without a gap when the leader is frozen, and take it back when it thaws", async () => {
    await using server = await SseServer.start();
    using browser = new Browser();
    const leader = browser.open(server.url, null);
    const follower = browser.open(server.url, null);
    await live(leader, follower);
    server.push(QUICK);
    server.append(1);
    await got(follower, [1]);
    leader.freeze();
    server.append(2);
    await got(follower, [1, 2]);
    server.append(3);
    await got(follower, [1, 2, 3]);
    leader.thaw();
    await got(leader, [1, 2, 3]);
    await until(() => expect(server.openStreams).toBe(1));
    server.append(4);
    await got(leader, [1, 2, 3, 4]);
    await got(follower, [1, 2, 3, 4]);
  });

  it("go on at once after a sleep, although the leader still sleeps", async () => {
    await using server = await SseServer.start();
    using browser = new Browser();
    const leader = browser.open(server.url, null);
    const follower = browser.open(server.url, null);
    await live(leader, follower);
    server.append(1);
    await got(follower, [1]);
    leader.freeze();
    server.append(2);
    follower.stream.wake();
    await got(follower, [1, 2]);
    leader.thaw();
    server.append(3);
    await got(leader, [1, 2, 3]);
    await got(follower, [1, 2, 3]);
    await until(() => expect(server.openStreams).toBe(1));
  });

  it("do not wait long for a leader that was frozen before they came", async () => {
    await using server = await SseServer.start();
    using browser = new Browser();
    const leader = browser.open(server.url, null);
    await live(leader);
    leader.freeze();
    server.append(1);
    const late = browser.open(server.url, "e-0");
    await got(late, [1]);
  });

  it("notice what they have missed, and catch up", async () => {
    await using server = await SseServer.start();
    using browser = new Browser();
    const leader = browser.open(server.url, null);
    const follower = browser.open(server.url, null);
    await live(leader, follower);
    server.append(1);
    await got(follower, [1]);
    follower.freeze();
    server.append(2, 3);
    await got(leader, [1, 2, 3]);
    // A channel delivers in order: when a later message is there, so are those before.
    await new Promise((resolve) => setImmediate(resolve));
    follower.lose();
    server.append(4);
    await got(follower, [1, 2, 3, 4]);
    await until(() => expect(server.openStreams).toBe(1));
    server.append(5);
    await got(follower, [1, 2, 3, 4, 5]);
    await got(leader, [1, 2, 3, 4, 5]);
  });

  it("lose and repeat nothing while leaders come and go under load", async () => {
    await using server = await SseServer.start();
    using browser = new Browser();
    const witness = browser.open(server.url, null);
    await live(witness);
    let position = 0;
    let former = witness;
    for (let round = 0; round < 12; round += 1) {
      const next = browser.open(server.url, witness.stream.cursor);
      server.append(++position, ++position);
      if (round % 3 === 0) server.cut();
      server.append(++position);
      await until(() => expect(witness.positions.at(-1)).toBe(position));
      await until(() => expect(next.positions.at(-1)).toBe(position));
      const [first = 1] = next.positions;
      expect(next.positions).toEqual(Array.from({ length: position - first + 1 }, (_, i) => first + i));
      if (former !== witness) former.close();
      former = next;
    }
    expect(witness.positions).toEqual(Array.from({ length: position }, (_, index) => index + 1));
    expect(server.openStreams).toBeLessThanOrEqual(2);
  });

  it("reconnect for a follower, and tell it what its leader is told", async () => {
    await using server = await SseServer.start();
    using browser = new Browser();
    const leader = browser.open(server.url, null);
    const follower = browser.open(server.url, null);
    await live(leader, follower);
    follower.stream.reconnect();
    await server.arrived(2);
    server.cut();
    await until(() => expect(follower.stream.status).toBe("reconnecting"));
    await live(leader, follower);
  });

  it("do not talk in circles while the server is away", async () => {
    await using server = await SseServer.start(() => 503);
    using browser = new Browser();
    const tabs = [1, 2, 3].map(() => browser.open(server.url, null));
    await server.arrived(30);
    for (const { said } of tabs) {
      expect(said.filter((type) => type === "start" || type === "hello").length).toBeLessThan(10);
    }
  });

  it("say that they reconnect, and not that they begin, when the leader changes", async () => {
    await using server = await SseServer.start();
    using browser = new Browser();
    const leader = browser.open(server.url, null);
    const follower = browser.open(server.url, null);
    await live(leader, follower);
    leader.close();
    await server.arrived(2);
    await live(follower);
    expect(follower.statuses).toEqual(["live", "reconnecting", "live"]);
  });

  it("have a connection each where the page may hold no locks", async () => {
    await using server = await SseServer.start();
    using browser = new Browser({ request: () => Promise.reject(new DOMException("", "SecurityError")) });
    const early = browser.open(server.url, null);
    const late = browser.open(server.url);
    await late.stream.ready();
    late.stream.start(null);
    await live(early, late);
    server.append(1);
    await got(early, [1]);
    await got(late, [1]);
  });

  it("let another one lead where the leader's token is refused", async () => {
    let isRefused = false;
    await using server = await SseServer.start(({ query }) =>
      isRefused && query.get("token") === "old" ? 403 : "stream",
    );
    using browser = new Browser();
    const leader = browser.open(server.url, null, "old");
    const follower = browser.open(server.url, null, "new");
    await live(leader, follower);
    server.push(QUICK);
    server.append(1);
    await got(follower, [1]);
    isRefused = true;
    server.cut();
    server.append(2);
    await got(follower, [1, 2]);
    await got(leader, [1, 2]);
    await live(leader, follower);
  });

  it("come back by themselves when the server does, though only one is there", async () => {
    let isAway = false;
    await using server = await SseServer.start(() => (isAway ? 503 : "stream"));
    using browser = new Browser();
    const only = browser.open(server.url, null);
    await live(only);
    server.push(QUICK);
    server.append(1);
    await got(only, [1]);
    isAway = true;
    server.cut();
    server.append(2);
    // It says this as a leader, twice while the stream is cut, and as a leader again.
    await until(() => expect(only.said.filter((type) => type === "state").length).toBeGreaterThan(3));
    isAway = false;
    await got(only, [1, 2]);
    await live(only);
  });
});
