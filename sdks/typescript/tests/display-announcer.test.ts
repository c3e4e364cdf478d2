import { beforeEach, expect, it, vi } from "vitest";
import { Announcer } from "../src/display/announcer.js";

let spoken: string[];
let announcer: Announcer;

beforeEach(() => {
  vi.useFakeTimers();
  spoken = [];
  announcer = new Announcer(
    (text) => spoken.push(text),
    (arrived, failed) => `${arrived} new${failed > 0 ? `, ${failed} failed` : ""}`,
  );
  announcer.become("Live");
});

it("speaks at most every ten seconds, of all that has come", () => {
  for (let tenth = 0; tenth < 250; tenth += 1) {
    announcer.add(20, tenth % 10 === 0 ? 1 : 0);
    vi.advanceTimersByTime(100);
  }
  expect(spoken).toEqual(["20 new, 1 failed", "1980 new, 9 failed", "2000 new, 10 failed"]);
});

it("says how the stream is when that has changed, and not what it was meanwhile", () => {
  vi.advanceTimersByTime(60_000);
  expect(spoken).toEqual([]);
  announcer.become("Reconnecting");
  vi.advanceTimersByTime(1);
  announcer.become("Live");
  announcer.become("Reconnecting");
  vi.advanceTimersByTime(10_000);
  expect(spoken).toEqual(["Reconnecting"]);
  announcer.become("Live");
  announcer.add(3, 0);
  vi.advanceTimersByTime(10_000);
  expect(spoken).toEqual(["Reconnecting", "Live. 3 new"]);
});
