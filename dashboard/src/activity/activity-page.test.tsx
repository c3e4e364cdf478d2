import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import type { ActivityList } from "../api/types";
import { bar, enter } from "../test/bar";
import { FakeEventSource } from "../test/fake-event-source";
import { activity, countOf, failure, list, stats } from "../test/sample";
import { type Answer, ok, refused, World } from "../test/world";

const rowTexts = () =>
  within(screen.getByRole("table", { name: "Activities" }))
    .getAllByRole("row")
    .filter((row) => row.dataset.activity)
    .map((row) => row.textContent ?? "");
const params = () => new URLSearchParams(window.location.search);
/** The words for which a path was asked, in the order of the calls. */
const searched = (world: World, path: string) =>
  world.askedFor(path).flatMap((call) => new URLSearchParams(call.split("?")[1]).getAll("q"));

describe("an empty log", () => {
  it("shows a snippet for this host, which turns into the first activity", async () => {
    const stream = await new World().openLive();
    expect(await screen.findByRole("heading", { name: "Send your first activity" })).toBeVisible();
    expect(screen.getByText(/curl http:\/\/localhost:3000\/api\/activity/)).toBeVisible();
    stream.push(activity(1));
    expect(await screen.findByRole("table", { name: "Activities" })).toBeVisible();
    expect(screen.queryByRole("heading", { name: "Send your first activity" })).not.toBeInTheDocument();
  });

  it("still waits for its first when there is nothing but Livetrail's own", async () => {
    const world = new World();
    world.page = list([activity(1, { resource_type: "livetrail" })]);
    await world.openLive();
    expect(await screen.findByRole("heading", { name: "Send your first activity" })).toBeVisible();
    expect(rowTexts()).toHaveLength(1);
  });

  it("offers to clear the filters when nothing matches them", async () => {
    const world = new World();
    await world.openLive("/admin/activity?q=nobody");
    await userEvent.click(screen.getByRole("button", { name: "Clear filters" }));
    await waitFor(() => expect(window.location.search).toBe(""));
  });
});

describe("the live page", () => {
  it("joins the stream to the list at the list's head, with the same filter", async () => {
    const world = new World();
    world.page = list([activity(1)], { head_cursor: "e1.42" });
    await world.openLive("/admin/activity?success_filter=failure&limit=50");
    expect(FakeEventSource.last.url).toBe(
      "/api/admin/activity/stream?success_filter=failure&last_event_id=e1.42",
    );
  });

  it("lets new rows in at the top, once, and moves the cards", async () => {
    const world = new World();
    world.page = list([activity(1)]);
    const stream = await world.openLive();
    stream.push(failure(2), failure(2));
    await waitFor(() => expect(rowTexts()).toHaveLength(2));
    expect(rowTexts()[0]).toContain("(2)");
    const cards = screen.getByLabelText("Statistics");
    await waitFor(() => expect(within(cards).getByText("50.0%")).toBeVisible());
  });

  it("holds new rows back while paused, and brings them in by the pill", async () => {
    const world = new World();
    world.page = list([activity(1)]);
    const stream = await world.openLive();
    await userEvent.click(screen.getByRole("button", { name: "Pause live updates" }));
    stream.push(activity(2), failure(3));
    const pill = await screen.findByRole("button", { name: "2 newer 1 failed" });
    expect(rowTexts()).toHaveLength(1);
    await userEvent.click(pill);
    expect(rowTexts()).toHaveLength(3);
  });

  it("goes to the first page by the pill from any other, in the same order", async () => {
    const world = new World();
    world.page = list([activity(1)], { page: 2, prev_cursor: "p", next_cursor: "n" });
    const stream = await world.openLive("/admin/activity?page=2&sort_by=duration_ms");
    stream.push(activity(2));
    await userEvent.click(await screen.findByRole("button", { name: "1 newer" }));
    await waitFor(() => expect(window.location.search).toBe("?sort_by=duration_ms"));
  });

  it("opens one stream for another filter, where the new list ends, and closes the former", async () => {
    const world = new World();
    const former = await world.openLive();
    world.page = list([failure(1)], { head_cursor: "head-2" });
    await enter("result:failed");
    await waitFor(() => expect(rowTexts()).toHaveLength(1));
    await waitFor(() => expect(former.readyState).toBe(2));
    expect(FakeEventSource.opened.map((stream) => stream.url)).toEqual([
      "/api/admin/activity/stream?last_event_id=head-1",
      "/api/admin/activity/stream?success_filter=failure&last_event_id=head-2",
    ]);
  });

  it("keeps its stream while another page of the same filter is read", async () => {
    const world = new World();
    world.page = list([activity(5)], { next_cursor: "next-1" });
    world.stats = stats({ total_logs: 60 });
    const stream = await world.openLive();
    await userEvent.click(screen.getByRole("button", { name: "Next page" }));
    await waitFor(() => expect(world.asked.at(-1)).toContain("cursor=next-1"));
    stream.push(activity(6));
    expect(await screen.findByRole("button", { name: "1 newer" })).toBeVisible();
    expect(FakeEventSource.opened).toEqual([stream]);
  });

  it("reads the list again when the stream says reset, and a line says so", async () => {
    const world = new World();
    world.page = list([activity(1)]);
    const stream = await world.openLive();
    world.page = list([activity(9)]);
    stream.send({ type: "reset", reason: "epoch" }, "c-0");
    await waitFor(() => expect(rowTexts()[0]).toContain("(9)"));
    const line = await screen.findByRole("button", { name: /^Read anew/ });
    await userEvent.click(line);
    expect(line).toHaveTextContent("could not go on (epoch)");
  });
});

describe("while the list of another filter is on its way", () => {
  /** The server does not answer it before the test says so. */
  async function waiting(page: ActivityList) {
    const world = new World();
    world.page = page;
    await world.openLive("/admin/activity?date_from=1700000000");
    let answer: (answer: Answer) => void = () => undefined;
    world.handlers["GET /api/admin/activity"] = () => new Promise((resolve) => (answer = resolve));
    world.stats = countOf([failure(3)]);
    await enter("result:failed");
    await waitFor(() => expect(world.asked.at(-1)).toContain("success_filter=failure"));
    const cards = screen.getByLabelText("Statistics");
    return { cards, answer: (next: Answer) => act(async () => answer(next)) };
  }

  it("there are no statistics of the former one, and there is nothing to export", async () => {
    const { cards, answer } = await waiting(list([activity(1), activity(2)]));
    expect(cards).toHaveAttribute("aria-busy", "true");
    const values = [...cards.querySelectorAll("[data-value]")];
    // The last hour has counts of its own, which may be there already.
    expect(values.slice(0, 7).map((value) => value.textContent)).toEqual(Array(7).fill(""));
    expect(screen.queryByText("2 activities")).not.toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Export" })).toHaveAttribute("aria-disabled", "true");
    await answer(ok(list([failure(3)])));
    await waitFor(() => expect(cards).toHaveAttribute("aria-busy", "false"));
    expect(await within(cards).findByText("0%")).toBeVisible();
    // It says how many beside its name.
    expect(screen.getByRole("button", { name: /^Export/ })).not.toHaveAttribute("aria-disabled");
  });

  it("the statistics go when the server refuses it", async () => {
    const { cards, answer } = await waiting(list([activity(1), activity(2)]));
    await answer(refused(422, "no such filter"));
    expect(await screen.findByText("no such filter")).toBeVisible();
    expect(screen.getByText("Not live")).toBeVisible();
    const values = [...cards.querySelectorAll("[data-value]")];
    expect(values.map((value) => value.textContent)).toEqual(Array(8).fill("–"));
  });

  it("nothing is said of what it matches", async () => {
    const { answer } = await waiting(list([]));
    expect(screen.getByRole("status", { name: "Loading activities" })).toBeVisible();
    await answer(ok(list([])));
    expect(await screen.findByText("No activity matches both filters")).toBeVisible();
  });
});

describe("the list", () => {
  it("turns pages by cursors and says where it is", async () => {
    const world = new World();
    world.page = list([activity(5)], { next_cursor: "next-1" });
    world.stats = stats({ total_logs: 60 });
    await world.openLive();
    expect(await screen.findByText("Page 1 of 2")).toBeVisible();
    expect(screen.getByText("60 activities")).toBeVisible();
    expect(screen.getByRole("button", { name: "Previous page" })).toBeDisabled();
    await userEvent.click(screen.getByRole("button", { name: "Next page" }));
    await waitFor(() => expect(params().get("cursor")).toBe("next-1"));
    expect(params().get("page")).toBe("2");
    await waitFor(() => expect(world.asked.at(-1)).toContain("cursor=next-1"));
  });

  it("sorts by a header, the other way at the second click", async () => {
    const world = new World();
    world.page = list([activity(1)]);
    await world.openLive();
    await userEvent.click(screen.getByRole("button", { name: "Took" }));
    await waitFor(() => expect(params().get("sort_by")).toBe("duration_ms"));
    expect(screen.getByRole("columnheader", { name: "Took" })).toHaveAttribute("aria-sort", "descending");
    await userEvent.click(screen.getByRole("button", { name: "Took" }));
    await waitFor(() => expect(params().get("sort_order")).toBe("asc"));
  });

  it("shows the server's words when it refuses, and tries again", async () => {
    const world = new World();
    world.handlers["GET /api/admin/activity"] = () => refused(422, "ip: neither an address nor a CIDR");
    world.open("/admin/activity?ip=nonsense");
    expect(await screen.findByText("ip: neither an address nor a CIDR")).toBeVisible();
    world.handlers["GET /api/admin/activity"] = () => ok(list([activity(1)]));
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("table", { name: "Activities" })).toBeVisible();
  });

  it("says that a cursor is refused, and leads to the first page with the same filter", async () => {
    const world = new World();
    const detail = "is no cursor of this log: use one that a list or a stream gave";
    world.handlers["GET /api/admin/activity"] = (url) =>
      url.searchParams.has("cursor")
        ? {
            status: 422,
            body: {
              type: "about:blank",
              title: "Refused",
              status: 422,
              detail,
              errors: [{ pointer: "cursor", detail }],
            },
          }
        : ok(list([activity(1)]));
    world.open("/admin/activity?success_filter=success&page=2&cursor=garbage");
    expect(
      await screen.findByRole("heading", { name: "This page of the list cannot be shown" }),
    ).toBeVisible();
    expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
    await userEvent.click(screen.getByRole("button", { name: "Show the first page" }));
    expect(await screen.findByRole("table", { name: "Activities" })).toBeVisible();
    expect([...params().keys()]).toEqual(["success_filter"]);
  });

  it("searches once the words are entered, and not at each keystroke", async () => {
    const world = new World();
    world.page = list([activity(1)]);
    await world.openLive();
    await userEvent.keyboard("/ada");
    expect(bar()).toHaveValue("ada");
    expect(params().has("q")).toBe(false);
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(params().get("q")).toBe("ada"));
    await waitFor(() => expect(searched(world, "/api/admin/activity")).toEqual(["ada"]));
    // What the bar offers meanwhile is counted for no word that is half typed.
    expect(world.asked.filter((call) => /[?&]q=ad?(&|$)/.test(call))).toEqual([]);
  });
});

it("tells an admin's activities from others on a narrow screen as well", async () => {
  const narrow = { matches: false, addEventListener: () => undefined, removeEventListener: () => undefined };
  vi.spyOn(window, "matchMedia").mockReturnValue(narrow as unknown as MediaQueryList);
  const world = new World();
  world.page = list([activity(2, { is_admin: true }), activity(1)]);
  await world.openLive();
  const [byAdmin, other] = within(await screen.findByRole("list", { name: "Activities" })).getAllByRole(
    "listitem",
  );
  expect(within(byAdmin as HTMLElement).getByText("(admin)")).toBeInTheDocument();
  expect(within(other as HTMLElement).queryByText("(admin)")).not.toBeInTheDocument();
});

describe("the detail", () => {
  /** The address follows a moment after the page. */
  const untilClosed = () =>
    waitFor(() => {
      expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
      expect(params().has("activity")).toBe(false);
    });

  it("opens by a click, moves with j, closes with Escape, and is in the URL", async () => {
    const world = new World();
    world.page = list([failure(2, { changes: { role: { from: "viewer", to: "admin" } } }), activity(1)]);
    await world.openLive();
    await userEvent.click(screen.getByRole("button", { name: "Ada Lovelace signed in (2)" }));
    const detail = await screen.findByRole("dialog");
    expect(within(detail).getByRole("row", { name: "role viewer → admin" })).toBeVisible();
    expect(params().get("activity")).toBe("id-2");
    await userEvent.keyboard("j");
    expect(await within(detail).findByRole("heading", { name: "Ada Lovelace signed in (1)" })).toBeVisible();
    await userEvent.keyboard("{Escape}");
    await untilClosed();
  });

  it("lets rows in again once Escape has closed what a click had opened", async () => {
    const world = new World();
    world.page = list([activity(1)]);
    const stream = await world.openLive();
    const row = screen.getByRole("button", { name: "Ada Lovelace signed in (1)" });
    await userEvent.click(row);
    await screen.findByRole("dialog");
    await userEvent.unhover(row);
    await userEvent.keyboard("{Escape}");
    await untilClosed();
    expect(row).toHaveFocus();
    stream.push(activity(2));
    await waitFor(() => expect(rowTexts()).toHaveLength(2));
  });

  it("gives the focus back to a row that the keyboard had opened, and rows still wait", async () => {
    const world = new World();
    world.page = list([activity(2), activity(1)]);
    const stream = await world.openLive();
    await userEvent.keyboard("jj{Enter}");
    await screen.findByRole("dialog");
    await userEvent.keyboard("{Escape}");
    await untilClosed();
    expect(screen.getByRole("button", { name: "Ada Lovelace signed in (1)" })).toHaveFocus();
    stream.push(activity(3));
    await screen.findByRole("button", { name: "1 newer" });
    expect(rowTexts()).toHaveLength(2);
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(rowTexts()).toHaveLength(3));
  });

  it("is read from the server when the page does not have it", async () => {
    const world = new World();
    world.page = list([activity(1)]);
    world.handlers["GET /api/admin/activity/id-77"] = () => ok(activity(77));
    world.open("/admin/activity?activity=id-77");
    expect(await screen.findByRole("heading", { name: "Ada Lovelace signed in (77)" })).toBeVisible();
  });

  it("has a row for each field that was sent, and none for another", async () => {
    const world = new World();
    world.page = list([activity(1)]);
    world.handlers["GET /api/admin/activity/id-1"] = () => ok(activity(1));
    world.open("/admin/activity?activity=id-1");
    const detail = await screen.findByRole("dialog");
    expect(await within(detail).findByRole("button", { name: "Copy request id" })).toBeVisible();
    expect(within(detail).queryByText("Trace id")).not.toBeInTheDocument();
    expect(within(detail).queryByText("Acting as admin")).not.toBeInTheDocument();
    expect(within(detail).queryByRole("heading", { name: "Target" })).not.toBeInTheDocument();
  });

  it("narrows the log to what the activity shares", async () => {
    const world = new World();
    world.page = list([activity(1)]);
    world.handlers["GET /api/admin/activity/id-1"] = () => ok(activity(1));
    world.open("/admin/activity?activity=id-1");
    await userEvent.click(await screen.findByRole("button", { name: "This IP" }));
    await waitFor(() => expect(window.location.search).toBe("?ip=203.0.113.7"));
    expect(await screen.findByRole("button", { name: /^Edit filter ip.*203\.0\.113\.7/ })).toBeVisible();
  });
});
