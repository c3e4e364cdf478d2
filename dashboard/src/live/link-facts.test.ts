import { beforeEach, describe, expect, it } from "vitest";
import { activity } from "../test/sample";
import { LinkFacts } from "./link-facts";

const NOW = 1_800_000_000_000;
const storedAt = (ms: number) => activity(1, { created_at: new Date(ms).toISOString() });
let facts: LinkFacts;

beforeEach(() => {
  facts = new LinkFacts();
  facts.became("live", NOW);
});

describe("the rate and the delay", () => {
  it("are those of the last ten seconds", () => {
    for (const lag of [10, 30, 20]) facts.arrived(storedAt(NOW + 1_000 - lag), NOW + 1_000);
    expect(facts.rate(NOW + 2_000)).toBeCloseTo(0.3);
    expect(facts.lag(NOW + 2_000)).toEqual({ ms: 20, isRough: false });
    expect(facts.rate(NOW + 12_000)).toBe(0);
    expect(facts.lag(NOW + 12_000)).toBeNull();
  });

  it("stay right and small in a flood", () => {
    for (let index = 0; index < 20_000; index += 1) facts.arrived(storedAt(NOW + index), NOW + index);
    expect(facts.rate(NOW + 20_000)).toBeGreaterThan(950);
    expect(facts.rate(NOW + 20_000)).toBeLessThan(1_050);
  });
});

describe("a catch-up", () => {
  const past = storedAt(NOW - 60_000);

  it("counts what is of the time before, and not into rate and delay", () => {
    for (let index = 0; index < 120; index += 1) facts.arrived(past, NOW + 500);
    expect(facts.catchUp(NOW + 600)).toBe(120);
    expect(facts.rate(NOW + 600)).toBe(0);
    expect(facts.catchUp(NOW + 2_500)).toBeNull();
  });

  it("is not told of for a few, and begins anew with the next connection", () => {
    for (let index = 0; index < 99; index += 1) facts.arrived(past, NOW + 500);
    expect(facts.catchUp(NOW + 600)).toBeNull();
    facts.became("reconnecting", NOW + 700);
    facts.became("live", NOW + 800);
    facts.arrived(past, NOW + 900);
    expect(facts.catchUp(NOW + 900)).toBeNull();
  });
});
