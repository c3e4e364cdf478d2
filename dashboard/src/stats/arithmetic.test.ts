import { describe, expect, it } from "vitest";
import { activity, failure, stats } from "../test/sample";
import { countActivity } from "./arithmetic";

const NOW = 1_800_000_100;

describe("counting an activity into the cards", () => {
  it("moves total, failures and the rate", () => {
    const before = stats({ total_logs: 9, failed_count: 1, success_rate: (8 / 9) * 100 });
    const after = countActivity(before, failure(1), NOW);
    expect(after).toMatchObject({ total_logs: 10, failed_count: 2, success_rate: 80 });
  });

  it("starts from nothing", () => {
    const after = countActivity(stats(), activity(1), NOW);
    expect(after).toMatchObject({ total_logs: 1, success_rate: 100, avg_duration_ms: 20, last_24h: 1 });
  });

  it("counts an admin's action as one", () => {
    expect(countActivity(stats(), activity(1, { is_admin: true }), NOW).admin_actions).toBe(1);
    expect(countActivity(stats(), activity(1), NOW).admin_actions).toBe(0);
  });

  it("leaves the last 24 hours alone when the activity is older", () => {
    expect(countActivity(stats(), activity(1, { timestamp: NOW - 90_000 }), NOW).last_24h).toBe(0);
  });

  it("moves the average by the new duration's share, and not at all without one", () => {
    const before = stats({ total_logs: 3, avg_duration_ms: 100 });
    expect(countActivity(before, activity(1, { duration_ms: 500 }), NOW).avg_duration_ms).toBe(200);
    expect(countActivity(before, activity(1, { duration_ms: null }), NOW).avg_duration_ms).toBe(100);
  });

  it("does not guess whether the user is new", () => {
    expect(countActivity(stats({ unique_users: 4 }), activity(1), NOW).unique_users).toBe(4);
    expect(countActivity(stats(), activity(1), NOW)).toMatchObject({ unique_users: 1, anonymous_users: 0 });
  });
});
