import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { activity, list, stats } from "../test/sample";
import { refused, World } from "../test/world";
import { RowCounter } from "./download";

const EXPORT = "GET /api/admin/activity/export";
const button = () => screen.getByRole("button", { name: /^Export/ });
const openDialog = async () => {
  await waitFor(() => expect(button()).not.toHaveAttribute("aria-disabled"));
  await userEvent.click(button());
  return within(await screen.findByRole("dialog", { name: "Export" }));
};

/** The names of the files that were saved. */
let saved: string[] = [];
beforeEach(() => {
  saved = [];
  URL.createObjectURL = () => "blob:file";
  URL.revokeObjectURL = () => undefined;
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function click(this: HTMLAnchorElement) {
    if (this.download) saved.push(this.download);
  });
});
afterEach(() => vi.restoreAllMocks());

function worldWith(text: string): World {
  const world = new World();
  world.page = list([activity(1)]);
  world.handlers[EXPORT] = () => ({
    status: 200,
    text,
    headers: { "Content-Type": "text/csv", "Content-Disposition": 'attachment; filename="log.csv"' },
  });
  return world;
}

describe("an export", () => {
  it("has the filters and the order of the list on all pages, with two clicks", async () => {
    const world = worldWith('id,note\n1,"two\nlines"\n2,\n');
    world.page = list([activity(1)], { page: 2 });
    world.stats = stats({ total_logs: 41 });
    await world.openLive("/admin/activity?success_filter=failure&q=ada&sort_by=duration_ms&page=2&limit=20");
    const dialog = await openDialog();
    expect(await dialog.findByText("41 rows")).toBeVisible();
    await userEvent.click(dialog.getByRole("button", { name: "Download" }));
    expect(await dialog.findByText(/2 rows/)).toHaveTextContent("log.csv");
    expect(saved).toEqual(["log.csv"]);
    expect(world.askedFor("/api/admin/activity/export")).toEqual([
      `${EXPORT}?q=ada&success_filter=failure&format=csv&sort_by=duration_ms&sort_order=desc`,
    ]);
  });

  it("has the form and the columns that were chosen, also on the command line", async () => {
    const world = worldWith("{}\n");
    await world.openLive("/admin/activity?q=it's");
    const dialog = await openDialog();
    await userEvent.click(dialog.getByRole("button", { name: "Chosen columns" }));
    await userEvent.click(dialog.getByLabelText("request_id"));
    await userEvent.click(dialog.getByLabelText("For Excel"));
    await userEvent.click(dialog.getByRole("button", { name: "Download" }));
    const [call = ""] = world.askedFor("/api/admin/activity/export");
    const query = new URLSearchParams(call.split("?")[1]);
    expect(query.get("columns")).toMatch(/^occurred_at,.*,request_id$/);
    expect(query.get("bom")).toBe("true");
    expect(dialog.getByText(/^livetrail export/)).toHaveTextContent("--filter 'q=it'\\''s' \\ --columns");
    await userEvent.click(dialog.getByRole("button", { name: /^NDJSON/ }));
    expect(dialog.queryByLabelText("For Excel")).not.toBeInTheDocument();
    expect(dialog.getByText(/^livetrail export/)).toHaveTextContent("--output activities.ndjson");
  });

  it("saves nothing when it fails, and says why", async () => {
    const world = worldWith("");
    world.handlers[EXPORT] = () => refused(503, "the database is not available");
    await world.openLive();
    const dialog = await openDialog();
    await userEvent.click(dialog.getByRole("button", { name: "Download" }));
    expect(await dialog.findByRole("alert")).toHaveTextContent("the database is not available");
    expect(saved).toEqual([]);
  });

  it("is called off by a button, and by leaving the dialog", async () => {
    const world = worldWith("");
    world.handlers[EXPORT] = () => new Promise(() => undefined);
    await world.openLive();
    const dialog = await openDialog();
    await userEvent.click(dialog.getByRole("button", { name: "Download" }));
    await userEvent.click(await dialog.findByRole("button", { name: "Cancel" }));
    expect(await dialog.findByText("Cancelled. No file was saved.")).toBeVisible();
    await userEvent.click(dialog.getByRole("button", { name: "Download" }));
    await userEvent.click(dialog.getByRole("button", { name: "Close" }));
    await waitFor(() => expect(world.cancelled.filter((call) => call.startsWith(EXPORT))).toHaveLength(2));
    expect(button()).toHaveFocus();
  });

  it("is not to be had of nothing, and says so", async () => {
    await new World().openLive("/admin/activity?q=nobody");
    expect(button()).toHaveAttribute("aria-disabled", "true");
    expect(button()).toHaveAccessibleDescription("Nothing to export: no activity matches");
    await userEvent.click(button());
    expect(screen.queryByRole("dialog", { name: "Export" })).not.toBeInTheDocument();
  });

  it("is not to be had where the list is refused", async () => {
    const world = new World();
    world.handlers["GET /api/admin/activity"] = () => refused(422, "ip: neither an address nor a CIDR");
    world.open("/admin/activity?ip=nonsense");
    await screen.findByText("ip: neither an address nor a CIDR");
    expect(button()).toHaveAttribute("aria-disabled", "true");
  });
});

describe("the count of rows", () => {
  const count = (isCsv: boolean, ...pieces: string[]) => {
    const counter = new RowCounter(isCsv);
    for (const piece of pieces) counter.take(new TextEncoder().encode(piece));
    return counter.rows;
  };

  it("takes no line break within quotes for the end of a row, wherever a piece ends", () => {
    expect(count(true, 'a,b\n1,"x\n', 'y ""q""\n"\n2,', "z\n")).toBe(2);
    expect(count(true, "a,b\n")).toBe(0);
    expect(count(true, "")).toBe(0);
  });

  it("is that of the lines in NDJSON", () => {
    expect(count(false, '{"a":"\\"', '"}\n{}\n')).toBe(2);
  });
});
