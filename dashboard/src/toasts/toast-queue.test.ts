import { beforeEach, describe, expect, it, vi } from "vitest";
import { activity, failure } from "../test/sample";
import { ToastQueue } from "./toast-queue";

let queue: ToastQueue;
const titles = () => queue.visible().map((toast) => toast.title);
const gather = () => vi.advanceTimersByTime(300);

beforeEach(() => {
  vi.useFakeTimers();
  queue = new ToastQueue();
});

describe("toasts", () => {
  it("say one activity as a sentence, and go after a while", () => {
    queue.announce([activity(1)]);
    gather();
    expect(titles()).toEqual(["Ada Lovelace signed in (1)"]);
    vi.advanceTimersByTime(3_000);
    expect(titles()).toEqual([]);
  });

  it("show a failure as one", () => {
    queue.announce([failure(1)]);
    gather();
    expect(queue.visible()[0]).toMatchObject({ tone: "bad", note: "Invalid password" });
  });

  it("sum up what comes together", () => {
    queue.announce(Array.from({ length: 12 }, (_, index) => activity(index)));
    gather();
    expect(titles()).toEqual(["12 new activities"]);
  });

  it("go on counting in the same toast during a burst", () => {
    for (let round = 0; round < 10; round++) {
      queue.announce([activity(round * 2), failure(round * 2 + 1)]);
      gather();
    }
    expect(titles()).toEqual(["20 new activities"]);
    expect(queue.visible()[0]?.note).toBe("10 failed");
  });

  it("start counting anew when a stream of activities does not end", () => {
    for (let round = 0; round < 40; round++) {
      queue.announce([activity(round * 2), activity(round * 2 + 1)]);
      gather();
    }
    expect(queue.visible().length).toBeLessThanOrEqual(2);
    expect(queue.visible().every((toast) => toast.count < 40)).toBe(true);
  });

  it("are never more than three", () => {
    for (let position = 1; position <= 5; position++) {
      queue.announce([activity(position)]);
      gather();
    }
    expect(titles()).toHaveLength(3);
    expect(titles().at(-1)).toContain("(5)");
  });
});
