// @vitest-environment jsdom
import { act, cleanup, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { StoredActivity } from "../src/react.js";
import { badge, click, mountFeed, press, says, sentence, sentences, shows, until } from "./support/feed.js";
import { SseServer } from "./support/sse-server.js";

beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));
afterEach(cleanup);

const FAILED = {
  user_display_name: "Ada Lovelace",
  description: "Ada Lovelace deleted report.pdf",
  target_resource_id: "report.pdf",
  success: false,
  status_code: 403,
  error_message: "not the owner",
  ip_address: "203.0.113.7",
  duration_ms: 1_500,
  device: { browser: "Firefox 141", os: "Linux" },
  changes: { role: { from: "viewer", to: "admin" }, seats: { from: 1, to: "1" }, password: "[redacted]" },
  details: { plan: "pro", limits: { seats: 5 } },
};

describe("a row", () => {
  it("says in one line when, who did what, how it failed, from where and how long", async () => {
    await using server = await SseServer.start();
    server.appendWith(1, FAILED);
    mountFeed(server);
    await shows(["Ada Lovelace deleted report.pdf"]);
    const row = screen.getByRole("listitem");
    expect(row.dataset.result).toBe("failure");
    for (const text of ["Failed 403", "203.0.113.7", "1.5 s"]) within(row).getByText(text);
    within(row).getByText("not the owner");
    expect(row.querySelector("time")?.dateTime).toBe("1970-01-01T00:00:01.000000Z");
    expect(row.querySelector(".livetrail-user")?.textContent).toBe("Ada Lovelace");
    expect(row.querySelector(".livetrail-target")?.textContent).toBe("report.pdf");
    expect(row.querySelector(".livetrail-change")?.textContent).toBe("role viewer → admin +2");
  });

  it("marks an admin beside the name, or at the end of a sentence without it", async () => {
    await using server = await SseServer.start();
    const admin = { user_display_name: "Ada", is_admin: true };
    server.appendWith(1, { ...admin, description: "Ada suspended Bo", target_user_id: "Bo" });
    server.appendWith(2, { ...admin, description: "The log was exported" });
    mountFeed(server);
    await shows(["The log was exported Admin", "Ada Admin suspended Bo"]);
  });

  it("isolates hostile texts, and draws what is invisible in them", async () => {
    await using server = await SseServer.start();
    const name = "ada\u202Enimda";
    server.appendWith(1, {
      user_display_name: name,
      description: "ada⟨U+202E⟩nimda signed in",
      error_message: "a\u200Bb",
      success: false,
      ip_address: "<b>x</b>",
    });
    const { container } = mountFeed(server);
    await shows(["adaU+202Enimda signed in"]);
    expect(container.querySelector(".livetrail-user bdi .livetrail-invisible")?.textContent).toBe("U+202E");
    expect(container.querySelector(".livetrail-error bdi")?.textContent).toBe("aU+200Bb");
    expect(container.querySelector(".livetrail-address bdi")?.textContent).toBe("<b>x</b>");
    expect(container.innerHTML).not.toContain("\u202E");
  });

  it("opens for all that is known, and closes by Escape with the focus where it was", async () => {
    await using server = await SseServer.start();
    server.appendWith(1, FAILED);
    mountFeed(server);
    await shows([FAILED.description]);
    const button = sentence(FAILED.description);
    expect(button.getAttribute("aria-expanded")).toBe("false");
    fireEvent.click(button);
    expect(button.getAttribute("aria-expanded")).toBe("true");
    const details = screen.getByRole("region", { name: FAILED.description });
    const facts = [...details.querySelectorAll(".livetrail-facts > div")].map((fact) => fact.textContent);
    expect(facts).toContain("DeviceFirefox 141, Linux");
    expect(facts).toContain("User IDu-1");
    const changes = [...details.querySelectorAll(".livetrail-changes > div")].map((row) => row.textContent);
    expect(changes).toEqual(["roleviewer → admin", 'seats1 → "1"', 'password"[redacted]"']);
    expect(
      within(details)
        .getAllByRole("treeitem")
        .map((item) => item.textContent),
    ).toEqual(['plan: "pro"', "limits: ", "seats: 5"]);
    act(() => within(details).getAllByRole("treeitem")[0]?.focus());
    press("ArrowDown");
    press("ArrowLeft");
    expect(within(details).getAllByRole("treeitem")).toHaveLength(2);
    press("Escape");
    expect(button.getAttribute("aria-expanded")).toBe("false");
    expect(document.activeElement).toBe(button);
  });

  it("shows changes that have neither side", async () => {
    await using server = await SseServer.start();
    const changes = { a: null, b: 5, c: "[redacted]" } as unknown as NonNullable<StoredActivity["changes"]>;
    server.appendWith(1, { changes });
    const { container } = mountFeed(server);
    await shows(["activity 1"]);
    expect(container.querySelector(".livetrail-change")?.textContent).toBe("a null +2");
    click("activity 1");
    const rows = [...container.querySelectorAll(".livetrail-changes > div")].map((row) => row.textContent);
    expect(rows).toEqual(["anull", "b5", 'c"[redacted]"']);
  });

  it("shows what the application draws instead of the details", async () => {
    await using server = await SseServer.start();
    server.append(1);
    mountFeed(server, { renderDetails: ({ position }) => <b>position {position}</b> });
    await shows(["activity 1"]);
    click("activity 1");
    screen.getByText("position 1");
    expect(screen.queryByText("Time")).toBeNull();
  });

  it("is reached by the arrows", async () => {
    await using server = await SseServer.start();
    server.append(1, 2, 3);
    mountFeed(server);
    await shows(["activity 3", "activity 2", "activity 1"]);
    act(() => sentence("activity 3").focus());
    press("ArrowDown");
    expect(document.activeElement).toBe(sentence("activity 2"));
    press("End");
    expect(document.activeElement).toBe(sentence("activity 1"));
    press("ArrowDown");
    expect(document.activeElement).toBe(sentence("activity 1"));
    press("Home");
    expect(document.activeElement).toBe(sentence("activity 3"));
  });
});

describe("new rows", () => {
  it("appear as they happen, and older ones on request", async () => {
    await using server = await SseServer.start();
    server.append(1, 2, 3);
    mountFeed(server, { pageSize: 2 });
    await shows(["activity 3", "activity 2"]);
    await says("Live");
    server.append(4);
    await shows(["activity 4", "activity 3", "activity 2"]);
    click("Load older");
    await shows(["activity 4", "activity 3", "activity 2", "activity 1"]);
    expect(screen.queryByText("Load older")).toBeNull();
  });

  it("wait while the reader has paused, and come on request or by resuming", async () => {
    await using server = await SseServer.start();
    server.append(1);
    mountFeed(server);
    await says("Live");
    click("Pause");
    expect(badge()).toBe("Paused");
    server.append(2);
    await until(() => screen.getByText("Show 1 new"));
    expect(sentences()).toEqual(["activity 1"]);
    click("Show 1 new");
    expect(sentences()).toEqual(["activity 2", "activity 1"]);
    server.append(3);
    await until(() => screen.getByText("Show 1 new"));
    click("Resume");
    await shows(["activity 3", "activity 2", "activity 1"]);
    expect(badge()).toBe("Live");
  });

  it("wait while a row is open, pointed at or focused, and come when the reader has left", async () => {
    await using server = await SseServer.start();
    server.append(1);
    mountFeed(server);
    await says("Live");
    click("activity 1");
    await says("Held");
    server.append(2);
    await until(() => screen.getByText("Show 1 new"));
    click("activity 1");
    await shows(["activity 2", "activity 1"]);
    fireEvent.pointerMove(screen.getByRole("list"), { pointerType: "mouse" });
    await says("Held");
    server.append(3);
    await until(() => screen.getByText("Show 1 new"));
    fireEvent.pointerLeave(screen.getByRole("list"));
    await shows(["activity 3", "activity 2", "activity 1"]);
    await says("Live");
    act(() => sentence("activity 3").focus());
    await says("Held");
    act(() => sentence("activity 3").blur());
    await says("Live");
  });

  it("are told to a screen reader together, at most every ten seconds", async () => {
    await using server = await SseServer.start();
    server.append(1);
    mountFeed(server);
    await says("Live");
    const region = screen.getByRole("status");
    await until(() => expect(region.textContent).toBe("Live"));
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
    try {
      server.append(2, 3);
      server.appendWith(4, { success: false });
      await vi.waitFor(() => {
        vi.advanceTimersByTime(60);
        expect(sentences()).toHaveLength(4);
      }, 12_000);
      const spoken = region.textContent;
      act(() => void vi.advanceTimersByTime(10_000));
      expect([spoken, region.textContent]).toEqual(["Live", "3 new, 1 failed"]);
    } finally {
      vi.useRealTimers();
    }
  });
});
