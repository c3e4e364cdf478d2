import { act, render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { activity, list } from "../test/sample";
import { World } from "../test/world";
import { Moment, OtherMoment } from "./moment";
import { chooseTimes, currentTimes, switchTimes } from "./times";

const at = (text: string) => Date.parse(text) / 1_000;

describe("the choice of times", () => {
  it("goes from here to UTC, to how long ago, and back, and the browser keeps it", () => {
    expect([1, 2, 3].map(() => switchTimes().style)).toEqual(["utc", "relative", "local"]);
    switchTimes();
    expect(localStorage.getItem("livetrail.times")).toBe('"utc"');
    expect(currentTimes().words()).toBe("UTC");
  });

  it("is by the clock here where the browser has kept nothing that this page knows", () => {
    localStorage.setItem("livetrail.times", '"sidereal"');
    expect(currentTimes().style).toBe("local");
  });

  it("is named as shortly as a column's head has room for", () => {
    const label = (style: Parameters<typeof chooseTimes>[0]) => {
      chooseTimes(style);
      return currentTimes().label(Date.parse("2026-11-30T12:00:00Z"));
    };
    expect(label("utc")).toBe("UTC");
    expect(label("local")).toMatch(/^(GMT\+1|CET)$/);
    expect(label("relative")).toBe("ago");
  });

  it("says a time as briefly as it stays clear", () => {
    chooseTimes("utc");
    const now = at("2026-11-30T12:00:00Z");
    const brief = (text: string) => currentTimes().brief(at(text), now);
    expect(brief("2026-11-30T09:05:06Z")).toBe("09:05:06");
    expect(brief("2026-11-28T09:05:06Z")).toMatch(/28/);
    expect(brief("2026-11-28T09:05:06Z")).not.toMatch(/2026/);
    expect(brief("2025-01-02T09:05:06Z")).toMatch(/2025/);
  });
});

describe("a moment", () => {
  it("is drawn anew when the reader chooses otherwise, and its tooltip says it exactly", () => {
    const seconds = at("2026-07-01T22:30:05Z");
    chooseTimes("utc");
    render(
      <p>
        <Moment seconds={seconds} full /> <OtherMoment seconds={Date.now() / 1_000 - 120} />
      </p>,
    );
    const time = screen.getByText(/22:30:05/);
    expect(time).toHaveAttribute("title", expect.stringContaining("UTC"));
    expect(screen.getByText("2 min ago")).toBeVisible();
    act(() => chooseTimes("local"));
    expect(time).toHaveTextContent(/00:30:05/);
    act(() => chooseTimes("relative"));
    expect(screen.queryByText("2 min ago")).toBeNull();
  });
});

describe("the key u", () => {
  const row = () => {
    const world = new World();
    world.page = list([
      activity(1, { occurred_at: "2026-07-01T22:30:05.123456Z", timestamp: at("2026-07-01T22:30:05Z") }),
    ]);
    return world;
  };

  it("switches the times of the list, with its milliseconds, the days, and the zone that its head names", async () => {
    await row().openLive();
    const table = await screen.findByRole("table", { name: "Activities" });
    expect(table).toHaveTextContent(/July 2|2 July/);
    expect(table).toHaveTextContent("00:30:05.123");
    const zone = within(table).getByRole("button", { name: /^Times: .*your time zone, Europe\/Berlin$/ });
    expect(zone).toHaveAccessibleName(expect.stringContaining(zone.textContent ?? "none"));
    await userEvent.keyboard("u");
    expect(table).toHaveTextContent("22:30:05.123");
    expect(table).toHaveTextContent(/July 1|1 July/);
    expect(within(table).getByRole("button", { name: "Times: UTC" })).toHaveTextContent("UTC");
    await userEvent.keyboard("u");
    expect(table).not.toHaveTextContent("22:30:05.123");
    await userEvent.click(within(table).getByRole("button", { name: /Times: how long ago/ }));
    expect(table).toHaveTextContent("00:30:05.123");
  });

  it("is a letter in a field, and nothing where single letters are switched off", async () => {
    await row().openLive();
    await userEvent.type(screen.getByRole("combobox", { name: "Search and filter" }), "u");
    expect(currentTimes().style).toBe("local");
    localStorage.setItem("livetrail-keys", "off");
    await userEvent.click(document.body);
    await userEvent.keyboard("u");
    expect(currentTimes().style).toBe("local");
  });
});
