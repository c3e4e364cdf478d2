import { describe, expect, it } from "vitest";
import { ServerClock } from "./server-clock";

const NOW = 1_800_000_000_000;
const dateOf = (ms: number) => new Date(ms).toUTCString();

describe("the server's clock", () => {
  it("counts as equal while it may be", () => {
    const clock = new ServerClock();
    expect(clock.ahead()).toEqual({ ms: 0, isRough: false });
    clock.learn(dateOf(NOW), NOW + 300, NOW + 320);
    clock.learn(null, NOW, NOW);
    clock.learn("no date", NOW, NOW);
    expect(clock.ahead()).toEqual({ ms: 0, isRough: false });
  });

  it("is known to a second by one answer, and better by more", () => {
    const clock = new ServerClock();
    const ask = (at: number) => clock.learn(dateOf(Math.floor((at + 90_000) / 1_000) * 1_000), at, at + 10);
    ask(NOW + 500);
    expect(clock.ahead().isRough).toBe(true);
    expect(Math.abs(clock.ahead().ms - 90_000)).toBeLessThan(600);
    for (let step = 1; step < 40; step += 1) ask(NOW + step * 1_037);
    expect(Math.abs(clock.ahead().ms - 90_000)).toBeLessThan(50);
    expect(clock.ahead().isRough).toBe(false);
  });

  it("is learned anew when one of the two is set", () => {
    const clock = new ServerClock();
    clock.learn(dateOf(NOW + 90_000), NOW, NOW + 10);
    clock.learn(dateOf(NOW), NOW, NOW + 10);
    expect(clock.ahead().ms).toBe(0);
  });
});
