import { describe, expect, it } from "vitest";
import { type BadgeFacts, badgeOf } from "./badge-state";

const NOW = 1_800_000_000_000;
const FIRST = { page: 1, cursor: null, sort_by: "timestamp", sort_order: "desc", date_to: null } as const;
const says = (over: Partial<BadgeFacts> = {}) => {
  const { text, detail } = badgeOf({
    status: "live",
    now: NOW,
    pulse: pulse(),
    catchUp: null,
    view: FIRST,
    held: null,
    newer: 0,
    failed: 0,
    rate: 0,
    lag: null,
    ...over,
  });
  return detail ? `${text}, ${detail}` : text;
};
const pulse = (silentMs = 100, retryInMs: number | null = null) => ({
  heardAt: NOW - silentMs,
  retryAt: retryInMs === null ? null : NOW + retryInMs,
  silenceMs: 20_000,
});

describe("the badge", () => {
  it("is live with the rate and the delay", () => {
    expect(says()).toBe("Live");
    expect(says({ rate: 3.42, lag: { ms: 38, isRough: false } })).toBe("Live, 3.4/s · 38 ms");
    expect(says({ rate: 212.4, lag: { ms: 1_240, isRough: true } })).toBe("Live, 212/s · ≈ 1.2 s");
  });

  it("says what is held, and that nothing is", () => {
    expect(says({ held: "read" })).toBe("Held");
    expect(says({ held: "read", newer: 128, failed: 3 })).toBe("Held, 128 newer · 3 failed");
    expect(says({ held: "paused", newer: 1_200 })).toBe("Paused, 1,200 newer");
  });

  it("is never live where new activities do not join the rows", () => {
    const past = (NOW - 60_000) / 1_000;
    expect(says({ view: { ...FIRST, date_to: past } })).toBe("Past range");
    expect(says({ view: { ...FIRST, date_to: past + 120 } })).toBe("Live");
    expect(says({ view: { ...FIRST, page: 3 } })).toBe("Page 3");
    expect(says({ view: { ...FIRST, cursor: "c" }, newer: 2 })).toBe("Page 1, 2 newer");
    expect(says({ view: { ...FIRST, sort_by: "duration_ms" }, newer: 12 })).toBe(
      "Sorted by duration, 12 newer",
    );
    expect(says({ view: { ...FIRST, sort_order: "asc" } })).toBe("Oldest first");
    expect(says({ status: "none" })).toBe("Not live");
  });

  it("says of a link that is not open what it does about it", () => {
    expect(says({ status: "reconnecting", pulse: pulse(100, 2_400) })).toBe("Reconnecting in 3 s");
    expect(says({ status: "reconnecting", pulse: pulse(4_000) })).toBe("No answer for 4 s");
    expect(says({ status: "reconnecting" })).toBe("Reconnecting…");
    expect(says({ status: "connecting", pulse: null })).toBe("Connecting…");
    expect(says({ status: "offline" })).toBe("Offline");
  });

  it("does not call a silent link live, however the rows are", () => {
    expect(says({ pulse: pulse(16_900) })).toBe("Live");
    expect(says({ pulse: pulse(17_100) })).toBe("No answer for 18 s");
    expect(says({ pulse: pulse(17_100), held: "paused" })).toBe("No answer for 18 s");
    expect(says({ status: "reconnecting", view: { ...FIRST, page: 3 } })).toBe("Reconnecting…");
  });

  it("says how far it has caught up", () => {
    expect(says({ catchUp: { done: 1_200, of: 9_800 } })).toBe("Catching up, 1,200/9,800");
    expect(says({ catchUp: { done: 1_200, of: null } })).toBe("Catching up, 1,200");
  });
});
