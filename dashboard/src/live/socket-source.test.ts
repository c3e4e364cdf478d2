import type { StreamEvent } from "@livetrail/sdk";
import { beforeEach, expect, it, vi } from "vitest";
import { FakeEventSource } from "../test/fake-event-source";
import { LiveSource, socketAddress } from "./socket-source";

class FakeSocket {
  static opened: FakeSocket[] = [];
  onopen = () => undefined as unknown;
  onmessage = (_: { data: string }) => undefined as unknown;
  onclose = () => undefined as unknown;
  close = vi.fn();
  readonly url: string;

  constructor(url: string) {
    this.url = url;
    FakeSocket.opened.push(this);
  }
}

const URL = "/api/admin/activity/stream?q=a";
const opened = () => FakeSocket.opened.at(-1) as FakeSocket;
function listen() {
  const source = new LiveSource(URL);
  const told: StreamEvent[] = [];
  for (const type of ["open", "message", "heartbeat", "error"]) {
    source.addEventListener(type, (event) => told.push(event));
  }
  return { source, told };
}

beforeEach(() => {
  vi.stubGlobal("WebSocket", FakeSocket);
  vi.stubGlobal("EventSource", FakeEventSource);
  FakeSocket.opened = [];
  FakeEventSource.opened = [];
  listen();
  opened().onopen();
});

it("has the address of the stream", () => {
  expect(socketAddress(URL, "https://log.example/alerts")).toBe(
    "wss://log.example/api/admin/activity/ws?q=a",
  );
  expect(socketAddress(URL, "http://[::1]:7777/")).toBe("ws://[::1]:7777/api/admin/activity/ws?q=a");
});

it("tells of messages and heartbeats with their cursors, as an event stream does", () => {
  const { told } = listen();
  const activity = '{"id":"c-1","type":"new_activity","data":{}}';
  opened().onopen();
  opened().onmessage({ data: activity });
  opened().onmessage({ data: '{"type":"heartbeat","id":"c-2","head":"c-2"}' });
  opened().onmessage({ data: '{"type":"alert","data":{}}' });
  opened().onmessage({ data: "not JSON" });
  expect(told).toEqual([
    { type: "open" },
    { type: "message", data: activity, lastEventId: "c-1" },
    { type: "heartbeat", data: '{"type":"heartbeat","id":"c-2","head":"c-2"}', lastEventId: "c-2" },
    { type: "message", data: '{"type":"alert","data":{}}', lastEventId: "" },
    { type: "message", data: "not JSON", lastEventId: "" },
  ]);
});

it("is given up when it closes, and says nothing once it was closed", () => {
  const { source, told } = listen();
  opened().onclose();
  expect(source.readyState).toBe(2);
  expect(told).toEqual([{ type: "error" }]);
  const other = listen();
  other.source.close();
  opened().onclose();
  opened().onmessage({ data: "{}" });
  expect(other.told).toEqual([]);
});

it("is an event stream now and then while no WebSocket gets through", () => {
  for (const _ of [1, 2]) {
    listen();
    opened().onclose();
  }
  const { told } = listen();
  expect(FakeSocket.opened).toHaveLength(3);
  expect(FakeEventSource.opened.map(({ url }) => url)).toEqual([URL]);
  FakeEventSource.last.breakOff();
  expect(FakeEventSource.last.readyState).toBe(2);
  expect(told).toEqual([{ type: "error" }]);
  listen();
  expect(FakeSocket.opened).toHaveLength(4);
});
