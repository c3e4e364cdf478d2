import { describe, expect, it } from "vitest";
import { formatAgo } from "./ago";

const NOW = 1_800_000_000;

describe("how long ago", () => {
  it("is told in the largest unit that fits", () => {
    expect([0, 2, 3, 59, 60, 3_599, 3_600, 86_400 * 3].map((age) => formatAgo(NOW - age, NOW))).toEqual([
      "just now",
      "just now",
      "3 s ago",
      "59 s ago",
      "1 min ago",
      "59 min ago",
      "1 h ago",
      "3 d ago",
    ]);
  });

  it("forgives clocks that are a little ahead, and shows the date where relative time says nothing", () => {
    expect(formatAgo(NOW + 300, NOW)).toBe("just now");
    expect(formatAgo(NOW - 86_400 * 400, NOW)).toMatch(/2025/);
    expect(formatAgo(NOW + 86_400, NOW)).toMatch(/2027/);
  });
});
