import type { EventSourceLike } from "@livetrail/sdk";
import { act } from "@testing-library/react";
import type { Activity } from "../api/types";

/** An EventSource that does what the test says. `opened` has all there were, the newest last. */
export class FakeEventSource extends EventTarget implements EventSourceLike {
  static opened: FakeEventSource[] = [];
  static get last(): FakeEventSource {
    const source = FakeEventSource.opened.at(-1);
    if (!source) throw new Error("no stream was opened");
    return source;
  }

  readonly url: string;
  readyState = 0;

  constructor(url: string) {
    super();
    this.url = url;
    FakeEventSource.opened.push(this);
  }

  close(): void {
    this.readyState = 2;
  }

  connect(id = "c-0"): void {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
    this.send({ type: "connected" }, id);
  }

  send(frame: unknown, id: string): void {
    this.sendText(JSON.stringify(frame), id);
  }

  /** Sends a frame letter by letter, for what JavaScript would write differently. */
  sendText(data: string, lastEventId: string): void {
    this.dispatchEvent(new MessageEvent("message", { data, lastEventId }));
  }

  beat(id: string): void {
    this.dispatchEvent(new MessageEvent("heartbeat", { data: "{}", lastEventId: id }));
  }

  /** The browser will reconnect by itself. */
  breakOff(): void {
    this.readyState = 0;
    this.dispatchEvent(new Event("error"));
  }

  /** The browser has given up. */
  giveUp(): void {
    this.readyState = 2;
    this.dispatchEvent(new Event("error"));
  }

  /** Pushes activities into a rendered page. */
  push(...activities: Activity[]): void {
    act(() => {
      for (const data of activities) this.send({ type: "new_activity", data }, `c-${data.position}`);
    });
  }
}
