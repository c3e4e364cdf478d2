import { beforeEach, describe, expect, it, vi } from "vitest";
import { alert } from "../test/sample";
import { Notices } from "./notices";

let notices: Notices;
const shown = () => {
  const notice = notices.visible();
  return notice && [notice.alert.position, notice.alert.count, notice.others];
};

beforeEach(() => {
  vi.useFakeTimers();
  notices = new Notices();
});

describe("the notice of alerts", () => {
  it("is one, which is updated in place while its alert goes on", () => {
    notices.take(alert(1));
    notices.take(alert(1, { count: 150 }));
    expect(shown()).toEqual([1, 150, 0]);
  });

  it("says the gravest alert, then the newest, and how many more there are", () => {
    notices.take(alert(1));
    notices.take(alert(2, { severity: "critical" }));
    notices.take(alert(3));
    expect(shown()).toEqual([2, 10, 2]);
  });

  it("is not given for what is not grave, muted, or decided already", () => {
    notices.take(alert(1, { severity: "info" }));
    notices.take(alert(2, { severity: "notice" }));
    notices.take(alert(3, { state: "acknowledged" }));
    notices.take(alert(4, { muted_until: new Date(Date.now() + 60_000).toISOString() }));
    expect(shown()).toBeNull();
    notices.take(alert(5, { muted_until: new Date(Date.now() - 60_000).toISOString() }));
    expect(shown()).toEqual([5, 10, 0]);
  });

  it("goes when somebody else decides about its alert", () => {
    notices.take(alert(1));
    notices.take(alert(1, { state: "acknowledged" }));
    expect(shown()).toBeNull();
  });

  it("goes after a time, and an alert that was shown is no news again", () => {
    notices.take(alert(1));
    vi.advanceTimersByTime(10_000);
    notices.take(alert(1, { count: 11 }));
    vi.advanceTimersByTime(10_000);
    expect(shown()).toEqual([1, 11, 0]);
    vi.advanceTimersByTime(10_000);
    notices.take(alert(1, { count: 12 }));
    expect(shown()).toBeNull();
  });

  it("stays away when it is dismissed, until there is another alert", () => {
    notices.take(alert(1));
    notices.dismiss();
    notices.take(alert(1, { count: 11 }));
    expect(shown()).toBeNull();
    notices.take(alert(2));
    expect(shown()).toEqual([2, 10, 0]);
  });
});
