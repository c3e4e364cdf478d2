import { describe, expect, it } from "vitest";
import { alert } from "../test/sample";
import { marksOf } from "./marks";

const FROM = 1_800_000_000;
const SPAN = { from: FROM, to: FROM + 1_000, room: 0.1 };

describe("the marks of alerts", () => {
  it("stand where each began, from left to right", () => {
    const marks = marksOf([alert(700), alert(200)], SPAN);
    expect(marks.map(({ place, count }) => [place, count])).toEqual([
      [0.2, 1],
      [0.7, 1],
    ]);
  });

  it("are only those of the time that is shown", () => {
    expect(marksOf([alert(-5), alert(1_000), alert(5_000)], SPAN)).toEqual([]);
  });

  it("stand at the edge where the alert had begun before", () => {
    const earlier = { ...alert(300), first_at: alert(-300).first_at };
    expect(marksOf([earlier], SPAN)[0]?.place).toBe(0);
  });

  it("are one where they are close, which opens the most severe alert", () => {
    const critical = alert(210, { severity: "critical" });
    const [mark, ...others] = marksOf([alert(200), critical, alert(260)], SPAN);
    expect(others).toEqual([]);
    expect(mark).toEqual({ alert: critical, count: 3, place: 0.21, isBefore: false });
  });

  it("have their words before them at the right edge, and never over those of another", () => {
    const marks = marksOf([alert(700), alert(950)], SPAN);
    expect(marks.map(({ place, isBefore }) => [place, isBefore])).toEqual([
      [0.7, false],
      [0.95, true],
    ]);
    expect(marksOf([alert(800), alert(950)], SPAN).map(({ count }) => count)).toEqual([2]);
  });
});
