import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { activity, list } from "../test/sample";
import { World } from "../test/world";
import { unreadParameters, withoutUnread } from "./unread";

const names = (search: string) => unreadParameters(search).map(({ name }) => name);

describe("what an address says", () => {
  it("is taken in, as long as it is in the API's own words", () => {
    const address =
      "?action_filter=user_login,user_logout&success_filter=false&q=a&text=t&user_search=b&date_from=2026-01-01T00:00:00Z" +
      "&date_to=1800000000&user_id=u&ip=192.0.2.0/24&session_id=s&category=c&endpoint=/&resource_id=r&resource_type=t" +
      "&target_user_id=v&request_id=x&trace_id=y&tenant_id=z&method=GET&status=4xx&is_admin=true&anonymous=false&delegated=true" +
      "&delegate_id=d&via=mcp&read_by=!u" +
      "&page=2&cursor=c&limit=50&sort_by=status_code&sort_order=asc&activity=0192f0c4-8b1e-7c3a-9d2f-1234567890ab";
    expect(unreadParameters(address)).toEqual([]);
    expect(withoutUnread(address)).toBe(new URLSearchParams(address).toString());
  });

  it.each([
    "date_from=99999999999999",
    "date_to=1e3",
    "date_from=2026-01-01",
    "date_from=2026-01-01T00:00:00",
    "date_from=2026-13-01T00:00:00Z",
    "success_filter=maybe",
    "success_filter=constructor",
    "is_admin=yes",
    "anonymous=1",
    "delegated=bot",
    "page=0",
    "limit=101",
    "sort_by=colour",
    "sort_order=up",
    "activity=stream",
    "activity=../stats",
  ])("is named where it cannot be read: %s", (parameter) => {
    const [name, value] = parameter.split("=");
    expect(unreadParameters(`?q=ada&${parameter}`)).toEqual([{ name, value, why: "cannot be read" }]);
    expect(withoutUnread(`?q=ada&${parameter}`)).toBe("q=ada");
  });

  it("is named where the page does not know it, or has taken an earlier one", () => {
    expect(names("?user=ada&user_id=a&user_id=b&toString=1")).toEqual(["user", "user_id", "toString"]);
    expect(withoutUnread("?user=ada&user_id=a&user_id=b")).toBe("user_id=a");
  });

  it("is nothing where a parameter is empty", () => {
    expect(names("?date_from=&is_admin=&user_id=")).toEqual([]);
  });
});

describe("an address that the page cannot follow", () => {
  it("shows the log, names the time that cannot be read, and can be mended", async () => {
    const world = new World();
    world.page = list([activity(1)]);
    await world.openLive("/admin/activity?q=ada&date_from=99999999999999");
    expect(screen.getByRole("button", { name: "Ada Lovelace signed in (1)" })).toBeVisible();
    const notice = screen.getByRole("alert");
    expect(notice).toHaveTextContent("date_from=99999999999999 cannot be read.");
    // The list asks for no time at all, and the figures ask for their own.
    expect(world.askedFor("/api/admin/activity").filter((call) => call.includes("date_from"))).toEqual([]);
    expect(world.asked.filter((call) => call.includes("99999999999999"))).toEqual([]);
    await userEvent.click(within(notice).getByRole("button", { name: "Remove from the address" }));
    await waitFor(() => expect(window.location.search).toBe("?q=ada"));
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
  });

  it("names filters that it does not know", async () => {
    const world = new World();
    world.page = list([activity(1)]);
    await world.openLive("/admin/activity?colour=red&user=ada%E2%80%AE");
    const items = within(screen.getByRole("alert")).getAllByRole("listitem");
    expect(items.map((item) => item.textContent)).toEqual([
      "colour=red is not a parameter of this page.",
      "user=adaU+202E is not a parameter of this page.",
    ]);
  });

  it("has no notice when there is nothing to name", async () => {
    const world = new World();
    world.page = list([activity(1)]);
    await world.openLive("/admin/activity?status=4xx");
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Edit filter status 4xx" })).toBeVisible();
    expect(world.asked).toContain(
      "GET /api/admin/activity?status=4xx&limit=50&sort_by=timestamp&sort_order=desc&page=1&stats=false",
    );
  });
});
