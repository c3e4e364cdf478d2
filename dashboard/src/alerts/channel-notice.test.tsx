import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeEventSource } from "../test/fake-event-source";
import { alert, channel } from "../test/sample";
import { refused, World } from "../test/world";
import { currentTimes } from "../times/times";
import { NOTIFIED_MS } from "./arrivals";

const CALL = "/api/admin/alert-channels";
const FAILING = { failing_since: "2027-01-15T12:03:00Z", last_failure: "500 Internal Server Error" };
const SINCE = currentTimes().brief(Date.parse(FAILING.failing_since) / 1_000, Date.now() / 1_000);

const notices = () => screen.queryAllByRole("status").filter((each) => each.textContent?.includes("ops-"));
const lines = () =>
  notices().flatMap((notice) =>
    within(notice)
      .getAllByRole("listitem")
      .map((line) => line.textContent),
  );
const table = () => screen.findByRole("table", { name: "Alerts" });

function worldWith(...channels: ReturnType<typeof channel>[]): World {
  const world = new World();
  world.alerts = [alert(1)];
  world.channels = channels;
  return world;
}

describe("the notice of channels that do not deliver", () => {
  it("says which one fails, since when and why, to a viewer too", async () => {
    const world = worldWith(channel(1, FAILING), channel(2));
    world.session = { ...world.session, role: "viewer" };
    await world.openLive("/alerts");
    const line = `ops-1 (webhook at hooks.example.com) has been failing since ${SINCE}: 500 Internal Server Error`;
    await waitFor(() => expect(lines()).toEqual([line]));
    expect(world.askedFor(CALL)).toHaveLength(1);
  });

  it("says how many alerts are parked, and the command that sends them", async () => {
    await worldWith(channel(1, { ...FAILING, parked: 1 }), channel(2, { parked: 1_204 })).openLive("/alerts");
    await waitFor(() => expect(lines()).toHaveLength(2));
    expect(lines()[0]).toMatch(
      /Error1 alert waits to be sent again by hand: livetrail alerts channels replay ops-1$/,
    );
    expect(lines()[1]).toBe(
      "ops-2 (webhook at hooks.example.com) could not send some alerts.1,204 alerts wait to be sent again by hand: livetrail alerts channels replay ops-2",
    );
  });

  it("is not there where every channel delivers or is disabled", async () => {
    const world = worldWith(
      channel(1, { waiting: 3 }),
      channel(2, { ...FAILING, parked: 2, enabled: false }),
    );
    await world.openLive("/alerts");
    await table();
    await waitFor(() => expect(world.askedFor(CALL)).toHaveLength(1));
    expect(notices()).toEqual([]);
  });

  it.each([refused(404, "Nothing here"), refused(500, "Broken")])(
    "goes, and leaves the list alone, when the answer is $status",
    async (answer) => {
      const world = worldWith(channel(1, FAILING));
      await world.openLive("/alerts");
      await waitFor(() => expect(lines()).toHaveLength(1));
      world.handlers[`GET ${CALL}`] = () => answer;
      await userEvent.click(screen.getByRole("button", { name: /Refresh/ }));
      await waitFor(() => expect(notices()).toEqual([]));
      expect(await table()).toBeVisible();
      expect(screen.queryByRole("alert")).not.toBeInTheDocument();
    },
  );

  it("shows hostile texts as they are, and puts none into the command", async () => {
    const hostile = `ops-<img src=x onerror=alert(1)>\u202E$(reboot)`;
    const reason = `<script>alert(1)</script>\u202E${"x".repeat(500)}`;
    const world = worldWith(channel(1, { ...FAILING, name: hostile, last_failure: reason, parked: 2 }));
    await world.openLive("/alerts");
    await waitFor(() => expect(lines()).toHaveLength(1));
    expect(lines()[0]).toContain(hostile.replace("\u202E", "U+202E"));
    expect(lines()[0]).toContain(reason.replace("\u202E", "U+202E"));
    expect(screen.getByText("livetrail alerts channels replay channel-1")).toBeVisible();
    expect(document.querySelector("main img, main script")).toBeNull();
  });

  it("names a channel by its id where several have the name", async () => {
    await worldWith(channel(1, { parked: 1 }), channel(2, { name: "ops-1" })).openLive("/alerts");
    expect(await screen.findByText("livetrail alerts channels replay channel-1")).toBeVisible();
  });

  it("has at most five lines and the number of further channels", async () => {
    await worldWith(...[1, 2, 3, 4, 5, 6, 7].map((id) => channel(id, FAILING))).openLive("/alerts");
    await waitFor(() => expect(lines()).toHaveLength(6));
    expect(lines()[5]).toBe("2 more: livetrail alerts channels");
  });
});

describe("the channels beside a live list", () => {
  beforeEach(() => {
    vi.useFakeTimers({ shouldAdvanceTime: true });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("are asked for once for all alerts of half a minute, after the first attempts are over", async () => {
    const world = worldWith(channel(1));
    await world.openLive("/alerts");
    await table();
    await waitFor(() => expect(world.askedFor(CALL)).toHaveLength(1));
    world.channels = [channel(1, FAILING)];
    const raise = (position: number) =>
      act(() => FakeEventSource.last.send({ type: "alert", data: alert(position) }, ""));
    raise(2);
    raise(3);
    await act(() => vi.advanceTimersByTimeAsync(NOTIFIED_MS / 2));
    raise(4);
    expect(world.askedFor(CALL)).toHaveLength(1);
    await act(() => vi.advanceTimersByTimeAsync(NOTIFIED_MS / 2));
    await waitFor(() => expect(lines()).toHaveLength(1));
    world.channels = [channel(1)];
    raise(5);
    await act(() => vi.advanceTimersByTimeAsync(NOTIFIED_MS));
    await waitFor(() => expect(lines()).toEqual([]));
    expect(world.askedFor(CALL)).toHaveLength(3);
  });
});
