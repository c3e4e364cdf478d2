// @vitest-environment jsdom
import { cleanup, fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { filterOf, isPast, NO_CHOICES, openControls, withRange } from "../src/react/activity-feed/choices.js";
import { badge, choose, click, lastFilter, mountFeed, says, shows, until } from "./support/feed.js";
import { SseServer } from "./support/sse-server.js";

beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));
afterEach(cleanup);

const OWN = { resource_type: "!livetrail" };
const shown = () =>
  [...document.querySelectorAll<HTMLElement>("[aria-label]")].map((element) => element.ariaLabel);

describe("the filters", () => {
  it("leave out what Livetrail records of itself, unless the application asks for it", async () => {
    await using server = await SseServer.start();
    const { change } = mountFeed(server);
    await says("Live");
    expect(lastFilter(server)).toEqual(OWN);
    change({ filter: { resource_type: "invoice" } });
    await until(() => expect(lastFilter(server)).toEqual({ resource_type: "invoice" }));
  });

  it("ask the list and the stream for the same", async () => {
    await using server = await SseServer.start();
    server.appendWith(1, { action_type: "user_login" });
    mountFeed(server);
    await shows(["activity 1"]);
    choose("Action", "user_login");
    await until(() => expect(lastFilter(server)).toEqual({ ...OWN, action_filter: "user_login" }));
    await says("Live");
    choose("Result", "false");
    await says("Live");
    const wanted = { ...OWN, action_filter: "user_login", success_filter: "false" };
    await until(() => expect(lastFilter(server)).toEqual(wanted));
    await until(() => expect(Object.fromEntries(server.visits.at(-1)?.query ?? [])).toMatchObject(wanted));
    click("Clear filters");
    await until(() => expect(lastFilter(server)).toEqual(OWN));
    expect(screen.queryByText("Clear filters")).toBeNull();
  });

  it("wait for the end of a word that is typed", async () => {
    await using server = await SseServer.start();
    mountFeed(server);
    await says("Live");
    for (const text of ["r", "re", "report, !x"]) choose("Search", text);
    choose("User", "ada");
    await until(() => expect(lastFilter(server)).toEqual({ ...OWN, q: "report, !x", user_search: "ada" }));
    expect(server.lists).toHaveLength(2);
  });

  it("offer the actions that were seen, also while one of them is chosen, or those of the application", async () => {
    await using server = await SseServer.start();
    server.appendWith(1, { action_type: "user_login" });
    server.appendWith(2, { action_type: "parcel_sent" });
    const { change } = mountFeed(server);
    await shows(["activity 2", "activity 1"]);
    const offered = () =>
      [...screen.getByLabelText<HTMLSelectElement>("Action").options].map(({ text }) => text);
    expect(offered()).toEqual(["Any action", "Parcel sent", "User login"]);
    choose("Action", "parcel_sent");
    await says("Live");
    expect(offered()).toHaveLength(3);
    change({ actions: ["user_login", { value: "x", label: "Sent\u202Eby us" }] });
    expect(offered()).toEqual(["Any action", "User login", "Sent⟨U+202E⟩by us"]);
  });

  it("have no control for what the application has fixed, or does not want", async () => {
    await using server = await SseServer.start();
    const { change } = mountFeed(server, { filter: { user_id: "u-1", success_filter: false } });
    await says("Live");
    expect(shown()).not.toContain("User");
    expect(shown()).not.toContain("Result");
    expect(shown()).toContain("Action");
    change({ controls: ["search"] });
    await says("Live");
    expect(shown()).toEqual(["Activity", "Filter activity", "Search"]);
  });

  it("take a range of the reader's own, and say that nothing new belongs to one that has ended", async () => {
    await using server = await SseServer.start();
    mountFeed(server);
    await says("Live");
    choose("Time", "own");
    fireEvent.change(screen.getByLabelText("From"), { target: { value: "2026-01-02T03:04" } });
    fireEvent.change(screen.getByLabelText("To"), { target: { value: "2026-01-03T03:04" } });
    const [from, until_] = ["2026-01-02T03:04", "2026-01-03T03:04"].map(
      (text) => `${Date.parse(text) / 1_000}`,
    );
    await until(() => expect(lastFilter(server)).toEqual({ ...OWN, date_from: from, date_to: until_ }));
    expect(screen.getByLabelText<HTMLInputElement>("From").value).toBe("2026-01-02T03:04");
    await until(() => expect(badge()).toBe("Past range"));
  });
});

describe("a filter", () => {
  it("is the application's where both say something", () => {
    const choices = { ...NO_CHOICES, action: "other", search: " x " };
    expect(filterOf({ action_filter: ["a", "b"], q: "" }, choices)).toMatchObject({
      action_filter: ["a", "b"],
    });
    expect(filterOf({ action_filter: [] }, choices)).toMatchObject({ action_filter: [], q: "x" });
  });

  it("means an action of any name by itself", () => {
    expect(filterOf(undefined, { ...NO_CHOICES, action: "!a,b" }).action_filter).toBe("\\!a\\,b");
  });

  it("of a range begins so long ago, and has no end", () => {
    const own = { ...NO_CHOICES, from: 1, until: 2 };
    expect(withRange(own, "hour", 10_000.5)).toMatchObject({ from: 6_400, until: null });
    expect(withRange(own, "any", 10_000)).toMatchObject({ from: null, until: null });
    expect(withRange(own, "own", 10_000)).toMatchObject({ from: 1, until: 2 });
  });

  it("is of the past when its end has passed, in either form of a time", () => {
    expect(isPast({ date_to: 99 }, NO_CHOICES, 100)).toBe(true);
    expect(isPast({ date_to: "2026-01-01T00:00:00Z" }, NO_CHOICES, 1_800_000_000)).toBe(true);
    expect(isPast({ date_to: "2036-01-01T00:00:00Z" }, NO_CHOICES, 1_800_000_000)).toBe(false);
    expect(isPast(undefined, { ...NO_CHOICES, until: 100 }, 100)).toBe(false);
  });

  it("has the controls that are wanted, in their order", () => {
    expect(openControls(undefined, ["range", "search"])).toEqual(["search", "range"]);
    expect(openControls({ q: null })).toContain("search");
  });
});
