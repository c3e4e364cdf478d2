import { beforeEach, expect, it, vi } from "vitest";
import { activity, failure } from "../test/sample";
import { ArrivalCount } from "./arrival-count";

let counted: ArrivalCount;

beforeEach(() => {
  vi.useFakeTimers();
  counted = new ArrivalCount();
});

it("shows one activity itself, and counts more in place", () => {
  counted.take([activity(1)]);
  vi.advanceTimersByTime(300);
  expect(counted.current()).toEqual({ count: 1, failed: 0, only: activity(1) });
  counted.take([activity(2), failure(3)]);
  vi.advanceTimersByTime(300);
  expect(counted.current()).toEqual({ count: 3, failed: 1, only: null });
});

it("goes when nothing has come for a while, and when it is cleared", () => {
  counted.take([activity(1)]);
  vi.advanceTimersByTime(4_400);
  expect(counted.current()).toBeNull();
  counted.take([activity(2)]);
  counted.clear();
  vi.advanceTimersByTime(400);
  expect(counted.current()).toBeNull();
});

it("counts a burst that does not end anew each minute", () => {
  const counts: number[] = [];
  counted.subscribe(() => counts.push(counted.current()?.count ?? 0));
  for (let second = 0; second < 150; second += 1) {
    counted.take([activity(second)]);
    vi.advanceTimersByTime(1_000);
  }
  expect(Math.max(...counts)).toBeLessThan(65);
});
