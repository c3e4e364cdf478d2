import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { activity, list } from "../test/sample";
import { ok, refused, World } from "../test/world";

const params = () => new URLSearchParams(window.location.search);
const focusedName = () => document.activeElement?.getAttribute("aria-label");

async function opened(over: Parameters<typeof activity>[1], search = "activity=id-1") {
  userEvent.setup();
  const world = new World();
  world.page = list([activity(1, over)]);
  world.handlers["GET /api/admin/activity/id-1"] = () => ok(activity(1, over));
  world.open(`/admin/activity?${search}`);
  await screen.findByRole("heading", { name: "Ada Lovelace signed in (1)" });
  return { world, detail: screen.getByRole("dialog") };
}

describe("the changes", () => {
  it("are marked by words in a long text, and by paths in a nested value", async () => {
    const text = "The quick brown fox jumps over the lazy dog near the river";
    const { detail } = await opened({
      changes: {
        note: { from: text, to: text.replace("lazy", "sleepy") },
        limits: { from: { seats: 5, mail: true }, to: { seats: 8, mail: true } },
      },
    });
    const note = within(detail).getByRole("row", { name: /^note/ });
    expect(note.querySelector("del")).toHaveTextContent(/^lazy$/);
    expect(note.querySelector("ins")).toHaveTextContent(/^sleepy$/);
    expect(within(detail).getByRole("row", { name: "limits.seats 5 → 8" })).toBeVisible();
    expect(within(detail).queryByText("limits.mail")).not.toBeInTheDocument();
  });

  it("draw invisible characters of both texts", async () => {
    const { detail } = await opened({ changes: { name: { from: "ada", to: "ad\u202ea" } } });
    expect(within(detail).getByRole("row", { name: /^name/ })).toHaveTextContent("ada → adU+202Ea");
  });
});

describe("the tree of details", () => {
  it("is gone through by the arrows, which do not move to another activity meanwhile", async () => {
    const { detail } = await opened({ details: { a: { b: 1 }, c: "two" } });
    within(detail).getByRole("treeitem", { name: "a: {1}" }).focus();
    await userEvent.keyboard("{ArrowDown}");
    expect(focusedName()).toBe("b: 1");
    await userEvent.keyboard("{ArrowLeft}{ArrowLeft}");
    expect(within(detail).queryByRole("treeitem", { name: "b: 1" })).not.toBeInTheDocument();
    await userEvent.keyboard("{End}");
    expect(focusedName()).toBe("c: two");
    await userEvent.click(within(detail).getByRole("button", { name: "Copy path c" }));
    expect(await navigator.clipboard.readText()).toBe("c");
  });

  it("shows the next items of a long list, and the focus goes to the first of them", async () => {
    const { detail } = await opened({ details: { items: Array.from({ length: 120 }, (_, index) => index) } });
    const more = within(detail).getByText("Show 50 more of 70");
    more.focus();
    await userEvent.keyboard("{Enter}");
    expect(focusedName()).toBe("50: 50");
    expect(within(detail).getByText("Show 20 more of 20")).toBeVisible();
  });
});

describe("the menu of copies", () => {
  it("opens by y, copies by a letter, and gives the focus back", async () => {
    const { detail } = await opened({});
    await userEvent.keyboard("y");
    expect(screen.getByRole("dialog", { name: "Copy this activity" })).toBeVisible();
    await userEvent.keyboard("c");
    await waitFor(() => expect(screen.queryByRole("dialog", { name: "Copy this activity" })).toBeNull());
    expect(await navigator.clipboard.readText()).toContain('/api/admin/activity/id-1 -H "Authorization');
    expect(within(detail).getByRole("button", { name: /^Copy y/ })).toHaveFocus();
  });
});

it("says in words that an activity is not in the log, and leads on", async () => {
  const world = new World();
  world.handlers["GET /api/admin/activity/id-9"] = () => refused(404, "No such activity");
  world.open("/admin/activity?activity=id-9");
  expect(await screen.findByRole("heading", { name: "This activity is not in the log" })).toBeVisible();
  await userEvent.click(screen.getByRole("button", { name: "Close" }));
  await waitFor(() => expect(params().has("activity")).toBe(false));
});

describe("an address of an activity that is on no page that is shown", () => {
  const world = (found: boolean) => {
    const made = new World();
    const around = [activity(8), activity(7), activity(6)];
    made.handlers["GET /api/admin/activity/id-7"] = () => ok(activity(7));
    made.handlers["GET /api/admin/activity"] = ({ searchParams: query }) => {
      if (query.has("date_from")) {
        return ok(
          list(found ? [activity(7), activity(8), activity(9)] : [activity(20)], { next_cursor: "n" }),
        );
      }
      return ok(list(query.has("date_to") ? around : [activity(99), activity(98)]));
    };
    return made;
  };

  it("brings the list to it, so that the arrows lead on, and back to the newest", async () => {
    world(true).open("/admin/activity?activity=id-7");
    expect(await screen.findByText(/^Around /)).toBeVisible();
    expect(params().get("date_to")).toBe("1800000008");
    expect(params().get("activity")).toBe("id-7");
    expect(await screen.findByRole("button", { name: /signed in \(8\)/ })).toBeVisible();
    await userEvent.keyboard("j");
    await waitFor(() => expect(params().get("activity")).toBe("id-6"));
    await userEvent.click(screen.getByRole("button", { name: "Back to newest" }));
    await waitFor(() => expect(window.location.search).toBe(""));
    expect(await screen.findByRole("button", { name: /signed in \(99\)/ })).toBeVisible();
  });

  it("says so where a filter excludes it", async () => {
    world(false).open("/admin/activity?activity=id-7&user_id=milo");
    expect(await screen.findByText(/not in this list, because a filter excludes it/)).toBeVisible();
    expect(params().get("date_to")).toBeNull();
    expect(screen.getByRole("link", { name: "Show the log around it" })).toHaveAttribute(
      "href",
      "/admin/activity?activity=id-7",
    );
  });
});
