import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeEventSource } from "../test/fake-event-source";
import { activity } from "../test/sample";
import { LiveConnection, type LiveStatus, SILENCE_LIMIT_MS } from "./connection";
import type { Frame } from "./frames";

let connection: LiveConnection;
let statuses: LiveStatus[];
let frames: Frame[];
let closed: number;

function connect(resumeAfter: string | null = "head-1"): void {
  connection = new LiveConnection({
    path: "/stream",
    filter: new URLSearchParams({ success_filter: "failure" }),
    resumeAfter,
    onFrame: (frame) => frames.push(frame),
    onStatus: (status) => statuses.push(status),
    onClosed: () => {
      closed += 1;
    },
    open: (url) => new FakeEventSource(url),
    random: () => 1,
  });
  connection.start();
}

const opened = () => FakeEventSource.opened.length;
const cursorOf = (source: FakeEventSource) =>
  new URL(source.url, "http://dashboard.test").searchParams.get("last_event_id");

beforeEach(() => {
  vi.useFakeTimers();
  FakeEventSource.opened = [];
  statuses = [];
  frames = [];
  closed = 0;
});
afterEach(() => connection.stop());

describe("the live connection", () => {
  it("opens with the filter, resuming after the list's head", () => {
    connect();
    expect(FakeEventSource.last.url).toBe("/stream?success_filter=failure&last_event_id=head-1");
    expect(statuses.at(-1)).toBe("connecting");
    FakeEventSource.last.connect();
    expect(statuses.at(-1)).toBe("live");
  });

  it("hands on activities, and ignores what it cannot read", () => {
    connect();
    FakeEventSource.last.send({ type: "new_activity", data: activity(1) }, "c-1");
    FakeEventSource.last.send({ type: "from_the_future" }, "c-2");
    FakeEventSource.last.onmessage?.(new MessageEvent("message", { data: "not JSON" }));
    expect(frames).toEqual([{ type: "new_activity", data: activity(1) }]);
  });

  it("leaves a reconnection to the browser while the browser tries", () => {
    connect();
    FakeEventSource.last.connect();
    FakeEventSource.last.breakOff();
    expect(statuses.at(-1)).toBe("reconnecting");
    vi.advanceTimersByTime(5_000);
    expect(opened()).toBe(1);
    FakeEventSource.last.connect("c-9");
    expect(statuses.at(-1)).toBe("live");
  });

  it("reopens after the last cursor when the browser has given up, and says that it did", () => {
    connect();
    FakeEventSource.last.connect("c-0");
    FakeEventSource.last.send({ type: "new_activity", data: activity(7) }, "c-7");
    FakeEventSource.last.giveUp();
    expect(closed).toBe(1);
    vi.advanceTimersByTime(999);
    expect(opened()).toBe(1);
    vi.advanceTimersByTime(1);
    expect(opened()).toBe(2);
    expect(cursorOf(FakeEventSource.last)).toBe("c-7");
  });

  it("waits twice as long after each failure, up to half a minute, and starts anew after a success", () => {
    connect();
    for (const wait of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      const before = opened();
      FakeEventSource.last.giveUp();
      vi.advanceTimersByTime(wait - 1);
      expect(opened()).toBe(before);
      vi.advanceTimersByTime(1);
      expect(opened()).toBe(before + 1);
    }
    FakeEventSource.last.connect();
    FakeEventSource.last.giveUp();
    const before = opened();
    vi.advanceTimersByTime(1_000);
    expect(opened()).toBe(before + 1);
  });

  it("takes a silent stream for dead, and heartbeats for life", () => {
    connect();
    FakeEventSource.last.connect();
    for (let beat = 1; beat <= 8; beat++) {
      vi.advanceTimersByTime(15_000);
      FakeEventSource.last.beat(`b-${beat}`);
    }
    expect(opened()).toBe(1);
    vi.advanceTimersByTime(SILENCE_LIMIT_MS);
    expect(opened()).toBe(2);
    expect(FakeEventSource.opened[0]?.readyState).toBe(2);
    expect(cursorOf(FakeEventSource.last)).toBe("b-8");
    expect(statuses.at(-1)).toBe("reconnecting");
  });

  it("says offline while there is no network, and reopens at once when there is", () => {
    connect();
    FakeEventSource.last.connect();
    const online = vi.spyOn(navigator, "onLine", "get").mockReturnValue(false);
    window.dispatchEvent(new Event("offline"));
    expect(statuses.at(-1)).toBe("offline");
    online.mockReturnValue(true);
    window.dispatchEvent(new Event("online"));
    expect(opened()).toBe(2);
  });

  it("is quiet after it was stopped", () => {
    connect();
    FakeEventSource.last.giveUp();
    connection.stop();
    vi.advanceTimersByTime(120_000);
    expect(opened()).toBe(1);
  });
});
