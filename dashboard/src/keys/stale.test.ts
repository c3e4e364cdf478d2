import { expect, test } from "vitest";
import { key } from "../test/sample";
import { isOver, isStale } from "./stale";

const NOW = Date.parse("2027-01-15T08:00:00Z") / 1_000;

test("a key is stale ninety days after its last use, or after it was made where it was never used", () => {
  expect(isStale(key({ last_used_at: "2026-10-18T08:00:00Z" }), NOW)).toBe(false);
  expect(isStale(key({ last_used_at: "2026-10-16T08:00:00Z" }), NOW)).toBe(true);
  expect(isStale(key({ created_at: "2026-10-16T08:00:00Z", last_used_at: null }), NOW)).toBe(true);
});

test("a key is over from the moment of its end on, and one without an end never", () => {
  expect(isOver(key({ expires_at: "2027-01-15T08:00:00Z" }), NOW)).toBe(true);
  expect(isOver(key({ expires_at: "2027-01-15T08:00:01Z" }), NOW)).toBe(false);
  expect(isOver(key({ expires_at: null }), NOW)).toBe(false);
});
