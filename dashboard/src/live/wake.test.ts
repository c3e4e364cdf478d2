import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { hideTab } from "../test/tab";
import { keepAwake } from "./wake";

const NOW = 1_800_000_000_000;
const stream = { pulse: { heardAt: NOW, retryAt: null as number | null, silenceMs: 20_000 }, wake: vi.fn() };
let sleep: () => void;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  stream.pulse = { heardAt: NOW, retryAt: null, silenceMs: 20_000 };
  stream.wake.mockReset();
  sleep = keepAwake(stream);
});
afterEach(() => sleep());

it("leaves a stream alone that was heard of lately", () => {
  vi.advanceTimersByTime(19_000);
  hideTab(true);
  hideTab(false);
  expect(stream.wake).not.toHaveBeenCalled();
});

it("wakes it when the clock has jumped, as after a sleep of the device", () => {
  vi.setSystemTime(NOW + 3_600_000);
  vi.advanceTimersByTime(1_000);
  expect(stream.wake).toHaveBeenCalledOnce();
});

it("wakes it when the tab is shown, and ends a pause", () => {
  stream.pulse.retryAt = NOW + 30_000;
  vi.advanceTimersByTime(5_000);
  expect(stream.wake).not.toHaveBeenCalled();
  hideTab(true);
  expect(stream.wake).not.toHaveBeenCalled();
  hideTab(false);
  expect(stream.wake).toHaveBeenCalledOnce();
});
