import { describe, expect, it } from "vitest";
import type { Activity } from "../api/types";
import { activity, failure } from "../test/sample";
import { type Entry, folded, unfolded } from "./folds";

const CLOSED = { open: new Set<string>(), kept: [] };
const says = (position: number, over: Partial<Activity> = {}) =>
  activity(position, {
    description: "Ada Lovelace sent a chat message",
    action_type: "chat_message",
    ...over,
  });
const signIn = (position: number, user: string, ip: string) =>
  failure(position, { user_id: user, ip_address: ip, description: `${user} failed to sign in` });
/** How many activities each entry stands for. */
const sizes = (entries: Entry[]) => entries.map(({ run }) => run?.rows.length ?? 1);

describe("folded", () => {
  it("folds neighbours of one user, action and result", () => {
    const rows = [says(4), says(3), says(2, { success: false }), says(1)];
    expect(sizes(folded(rows, CLOSED))).toEqual([2, 1, 1]);
  });

  it("folds failed sign-ins on many users from one network", () => {
    const rows = [
      signIn(3, "milo", "203.0.113.9"),
      signIn(2, "ada", "203.0.113.7"),
      signIn(1, "bo", "198.51.100.1"),
    ];
    const [run, other] = folded(rows, CLOSED);
    expect(run?.run?.isSignIns).toBe(true);
    expect(run?.run?.rows).toHaveLength(2);
    expect(other?.run).toBeNull();
  });

  it("folds failed sign-ins on one user from many networks", () => {
    const [run] = folded([signIn(2, "ada", "203.0.113.9"), signIn(1, "ada", "198.51.100.7")], CLOSED);
    expect(run?.run).toMatchObject({ isSignIns: false, isOpen: false });
  });

  it("folds what was done to several targets, unless it deserves attention", () => {
    const upload = (position: number, file: string, severity: Activity["severity"] = "info") =>
      says(position, { target_resource_id: file, severity, description: `Ada Lovelace deleted ${file}` });
    expect(sizes(folded([upload(2, "a.pdf"), upload(1, "b.pdf")], CLOSED))).toEqual([2]);
    expect(sizes(folded([upload(2, "a.pdf", "warning"), upload(1, "b.pdf", "warning")], CLOSED))).toEqual([
      1, 1,
    ]);
  });

  it("folds a flood of alerts, which have a page of their own", () => {
    const raised = (position: number, rule: string) =>
      says(position, {
        action_type: "alert_raised",
        severity: "critical",
        target_resource_id: rule,
        description: `livetrail-operator raised alert ${rule}`,
      });
    expect(
      sizes(folded([raised(3, "spraying"), raised(2, "new-admin"), raised(1, "spraying")], CLOSED)),
    ).toEqual([3]);
  });

  it("never hides a change", () => {
    const changes = { role: { from: "viewer", to: "admin" } };
    expect(sizes(folded([says(2, { changes }), says(1, { changes })], CLOSED))).toEqual([1, 1]);
  });

  it("opens a run that the reader has opened, by any of its rows", () => {
    const rows = [says(3), says(2), says(1)];
    const entries = folded(rows, { open: new Set(["id-2"]), kept: [] });
    expect(entries.map((entry) => [entry.activity.id, entry.isHead])).toEqual([
      ["id-3", true],
      ["id-2", false],
      ["id-1", false],
    ]);
  });

  it("keeps the row in sight that is open or has the focus, when others join it", () => {
    expect(folded([says(2), says(1)], { open: new Set(), kept: ["id-2", null] })).toHaveLength(1);
    expect(folded([says(3), says(2), says(1)], { open: new Set(), kept: ["id-2", null] })).toHaveLength(3);
  });
});

/** A generator of its own, so that a failure can be repeated by its number. */
function random(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function log(seed: number): Activity[] {
  const pick = random(seed);
  return Array.from({ length: pick(40) }, (_, index) => {
    const position = 100 - index;
    const user = `u-${pick(2)}`;
    if (pick(3) === 0) return signIn(position, user, pick(2) ? "203.0.113.9" : "2001:db8::9");
    return says(position, { user_id: user, success: pick(4) > 0 });
  });
}

/** Calls with logs that random numbers make, each as it stands and folded. */
function eachLog(check: (rows: Activity[], entries: Entry[]) => void): void {
  for (let seed = 0; seed < 200; seed += 1) {
    const rows = log(seed);
    check(rows, folded(rows, CLOSED));
  }
}

describe("of any log", () => {
  const members = (list: Entry[]) => list.flatMap(({ activity: one, run }) => run?.rows ?? [one]);
  const shown = (list: Entry[]) => list.map((entry) => entry.activity);

  it("no activity is lost, doubled or moved", () =>
    eachLog((rows, entries) => {
      expect(members(entries)).toEqual(rows);
      expect(shown(entries)).toEqual(entries.map((entry) => members([entry])[0]));
    }));

  it("all open is the list itself", () =>
    eachLog((rows) => {
      expect(shown(folded(rows, { open: new Set(rows.map(({ id }) => id)), kept: [] }))).toEqual(rows);
      expect(shown(unfolded(rows))).toEqual(rows);
    }));

  it("what enters at the head joins the first run at most", () =>
    eachLog((rows, entries) => {
      const unchanged = sizes(folded(rows.slice(1), CLOSED)).slice(1);
      expect(sizes(entries).slice(entries.length - unchanged.length)).toEqual(unchanged);
    }));

  it("a run has one result, and one user or one network", () =>
    eachLog((_, entries) => {
      for (const { run } of entries) {
        const count = (key: "success" | "user_id" | "ip_address") =>
          new Set(run?.rows.map((row) => row[key])).size;
        if (run) expect([count("success"), Math.min(count("user_id"), count("ip_address"))]).toEqual([1, 1]);
      }
    }));

  it("a kept row is always in sight", () =>
    eachLog((rows) => {
      for (const { id } of rows) {
        const kept = folded(rows, { open: new Set(), kept: [id] });
        expect(shown(kept).some((one) => one.id === id)).toBe(true);
      }
    }));
});
