import { waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ExactNumber } from "../api/json";
import { FakeEventSource } from "../test/fake-event-source";
import { activity } from "../test/sample";
import { type Following, followLog } from "./connection";

let following: Following;
let told: unknown[];
let cursors: (string | null)[];

function follow(filter = "success_filter=failure", resumeAfter: string | null = "head-1"): void {
  following = followLog({
    filter,
    resumeAfter,
    session: null,
    onActivity: (each, cursor) => {
      told.push(each);
      cursors.push(cursor);
    },
    onReset: () => told.push("reset"),
    onAlert: (alert) => told.push(alert),
    onStatus: (status) => told.push(status),
    onRefused: () => told.push("refused"),
  });
}

const opened = () => FakeEventSource.opened.map(({ url }) => url);

/** Answers what asks why a stream was given up. */
const answerWith = (status: number) => vi.stubGlobal("fetch", async () => new Response(null, { status }));

/** Whether the device has a network. */
const online = (is: boolean) => {
  vi.spyOn(navigator, "onLine", "get").mockReturnValue(is);
  window.dispatchEvent(new Event(is ? "online" : "offline"));
};

beforeEach(() => {
  vi.stubGlobal("EventSource", FakeEventSource);
  vi.stubGlobal("WebSocket", undefined);
  FakeEventSource.opened = [];
  told = [];
  cursors = [];
});
afterEach(() => following.stop());

describe("the stream of a list", () => {
  it("has the list's filter, and resumes after its head", () => {
    follow("action_type=a&action_type=b&q=x+y");
    expect(opened()).toEqual([
      "/api/admin/activity/stream?action_type=a&action_type=b&q=x+y&last_event_id=head-1",
    ]);
    FakeEventSource.last.connect();
    expect(told[0]).toBe("connecting");
    expect(told.at(-1)).toBe("live");
  });

  it("begins now without a filter and a head", () => {
    follow("", null);
    expect(opened()).toEqual(["/api/admin/activity/stream"]);
  });

  it("brings activities, alerts and resets, and ignores what it cannot read", () => {
    follow();
    FakeEventSource.last.connect();
    told = [];
    FakeEventSource.last.send({ type: "new_activity", data: activity(1) }, "c-1");
    FakeEventSource.last.send({ type: "from_the_future" }, "c-2");
    FakeEventSource.last.sendText("not JSON", "c-3");
    FakeEventSource.last.send({ type: "alert", data: { title: "Disk" } }, "c-4");
    FakeEventSource.last.send({ type: "alert" }, "c-5");
    FakeEventSource.last.send({ type: "reset", reason: "pruned" }, "c-6");
    expect(told.filter((each) => each !== "live")).toEqual([
      activity(1),
      { title: "Disk" },
      undefined,
      "reset",
    ]);
    expect(cursors).toEqual(["c-1"]);
  });

  it("keeps every digit of a number", () => {
    follow();
    const text = JSON.stringify({ type: "new_activity", data: activity(1, { details: { id: 1 } }) });
    FakeEventSource.last.sendText(text.replace('"id":1', '"id":175928847299117063'), "c-1");
    expect(told).toContainEqual(activity(1, { details: { id: new ExactNumber("175928847299117063") } }));
  });

  it("says that it reconnects while the browser tries, and is live again when the browser succeeds", () => {
    follow();
    FakeEventSource.last.connect();
    FakeEventSource.last.breakOff();
    expect(told.at(-1)).toBe("reconnecting");
    FakeEventSource.last.connect("c-9");
    expect(told.at(-1)).toBe("live");
    expect(opened()).toHaveLength(1);
  });

  it("says offline while there is no network, and resumes at once when there is", () => {
    follow();
    FakeEventSource.last.connect();
    online(false);
    expect(told.at(-1)).toBe("offline");
    FakeEventSource.last.breakOff();
    expect(told.at(-1)).toBe("offline");
    online(true);
    expect(told.at(-1)).toBe("reconnecting");
    expect(opened()[1]).toContain("last_event_id=c-0");
  });

  it("is live without a network while this device itself serves it", () => {
    follow();
    FakeEventSource.last.connect();
    online(false);
    FakeEventSource.last.beat("c-1");
    expect(told.at(-1)).toBe("live");
  });

  it("says that it is refused, and is tried again all the same", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    answerWith(401);
    follow();
    FakeEventSource.last.connect("c-7");
    FakeEventSource.last.giveUp();
    await waitFor(() => expect(told).toContain("refused"));
    await waitFor(() => expect(opened()[1]).toContain("last_event_id=c-7"));
    expect(told.at(-1)).not.toBe("live");
  });

  it("says each time that it is refused", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    answerWith(503);
    follow();
    FakeEventSource.last.giveUp();
    await waitFor(() => expect(told).toContain("refused"));
    await waitFor(() => expect(opened()).toHaveLength(2));
    told = [];
    FakeEventSource.last.giveUp();
    expect(told).toContain("refused");
  });

  it("is quiet after its end", async () => {
    follow();
    FakeEventSource.last.connect();
    following.stop();
    const count = told.length;
    FakeEventSource.last.send({ type: "new_activity", data: activity(1) }, "c-1");
    online(false);
    online(true);
    expect(told).toHaveLength(count);
    expect(opened()).toHaveLength(1);
    expect(FakeEventSource.last.readyState).toBe(2);
  });
});
