import { act } from "@testing-library/react";
import type { Activity } from "../api/types";
import type { StreamSource } from "../live/connection";

/** An EventSource that does what the test says. `opened` has all there were, the newest last. */
export class FakeEventSource implements StreamSource {
  static opened: FakeEventSource[] = [];
  static get last(): FakeEventSource {
    const source = FakeEventSource.opened.at(-1);
    if (!source) throw new Error("no stream was opened");
    return source;
  }

  readonly url: string;
  readyState = 0;
  onopen: ((event: Event) => void) | null = null;
  onerror: ((event: Event) => void) | null = null;
  onmessage: ((event: MessageEvent<string>) => void) | null = null;
  private heartbeat: ((event: MessageEvent<string>) => void) | null = null;

  constructor(url: string) {
    this.url = url;
    FakeEventSource.opened.push(this);
  }

  addEventListener(_type: "heartbeat", listener: (event: MessageEvent<string>) => void): void {
    this.heartbeat = listener;
  }

  close(): void {
    this.readyState = 2;
  }

  connect(id = "c-0"): void {
    this.readyState = 1;
    this.onopen?.(new Event("open"));
    this.send({ type: "connected" }, id);
  }

  send(frame: unknown, id: string): void {
    this.sendText(JSON.stringify(frame), id);
  }

  /** Sends a frame letter by letter, for what JavaScript would write differently. */
  sendText(data: string, lastEventId: string): void {
    this.onmessage?.(new MessageEvent("message", { data, lastEventId }));
  }

  beat(id: string): void {
    this.heartbeat?.(new MessageEvent("heartbeat", { data: "{}", lastEventId: id }));
  }

  /** The browser will reconnect by itself. */
  breakOff(): void {
    this.readyState = 0;
    this.onerror?.(new Event("error"));
  }

  /** The browser has given up. */
  giveUp(): void {
    this.readyState = 2;
    this.onerror?.(new Event("error"));
  }

  /** Pushes activities into a rendered page. */
  push(...activities: Activity[]): void {
    act(() => {
      for (const data of activities) this.send({ type: "new_activity", data }, `c-${data.position}`);
    });
  }
}
