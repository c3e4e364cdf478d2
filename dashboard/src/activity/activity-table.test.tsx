import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Activity } from "../api/types";
import { activity, failure } from "../test/sample";
import { ActivityTable } from "./activity-table";

const onOpen = vi.fn();
const onSort = vi.fn();
const NONE: ReadonlySet<string> = new Set();
const table = (rows: readonly Activity[], over: Partial<React.ComponentProps<typeof ActivityTable>> = {}) => (
  <ActivityTable
    rows={rows}
    fresh={NONE}
    breaks={[]}
    openId={null}
    dimmed={false}
    onOpen={onOpen}
    sortBy="timestamp"
    sortOrder="desc"
    onSort={onSort}
    {...over}
  />
);
const shown = () =>
  [...document.querySelectorAll<HTMLElement>("[data-activity]")].map((row) => row.dataset.activity);
const says = (position: number, over: Partial<Activity> = {}) =>
  activity(position, { description: "Ada Lovelace sent a message", action_type: "chat_message", ...over });
const button = (name: string) => screen.getByRole("button", { name });

beforeEach(() => {
  onOpen.mockClear();
});

describe("a run", () => {
  const rows = [says(4), says(3), says(2), activity(1)];

  it("is one row that a button unfolds and folds, and does not open", async () => {
    render(table(rows));
    expect(shown()).toEqual(["id-4", "id-1"]);
    await userEvent.click(button("3 times"));
    expect(shown()).toEqual(["id-4", "id-3", "id-2", "id-1"]);
    expect(button("3 times")).toHaveAttribute("aria-expanded", "true");
    await userEvent.click(button("3 times"));
    expect(shown()).toEqual(["id-4", "id-1"]);
    expect(onOpen).not.toHaveBeenCalled();
  });

  it("unfolds by the right arrow and folds by the left one, where its head then has the focus", async () => {
    render(table(rows));
    const opener = (id: string) => document.querySelector<HTMLElement>(`[data-activity=${id}] [data-opens]`);
    opener("id-4")?.focus();
    await userEvent.keyboard("{ArrowRight}");
    expect(shown()).toHaveLength(4);
    opener("id-2")?.focus();
    await userEvent.keyboard("{ArrowLeft}");
    expect(shown()).toEqual(["id-4", "id-1"]);
    expect(opener("id-4")).toHaveFocus();
  });

  it("takes what arrives, and keeps the row in sight that has the focus", async () => {
    const { rerender } = render(table(rows));
    rerender(table([says(5), ...rows]));
    expect(button("4 times")).toBeVisible();
    document.querySelector<HTMLElement>("[data-activity=id-5] [data-opens]")?.focus();
    rerender(table([says(6), says(5), ...rows]));
    expect(shown()).toContain("id-5");
    expect(document.activeElement?.closest("[data-activity]")).toHaveAttribute("data-activity", "id-5");
  });

  it("names two users of failed sign-ins, and counts more", () => {
    const signIn = (position: number, user: string) =>
      failure(position, { user_id: user, user_display_name: user, description: `${user} failed` });
    const { rerender } = render(table([signIn(2, "milo"), signIn(1, "ada")]));
    expect(button("failed sign-ins on milo and ada")).toBeVisible();
    rerender(table([signIn(3, "bo"), signIn(2, "milo"), signIn(1, "ada")]));
    expect(button("failed sign-ins on 3 users")).toBeVisible();
  });

  it("is not folded where the reader does not want it", () => {
    localStorage.setItem("livetrail.folding", "false");
    render(table(rows));
    expect(shown()).toHaveLength(4);
  });
});

describe("a row", () => {
  const row = (id: string) => within(document.querySelector(`[data-activity=${id}]`) as HTMLElement);

  it("shows the first change, and how many more there are", () => {
    const changes = { size: { from: 25, to: 50 }, open: { from: true, to: false } };
    render(table([activity(1, { changes })]));
    expect(row("id-1").getByText("25").closest("del")).toBeVisible();
    expect(row("id-1").getByText("50").closest("ins")).toBeVisible();
    expect(row("id-1").getByText("+1")).toBeVisible();
  });

  it("shows a status that is not a 2xx, and says that it failed where there is none", () => {
    render(table([failure(3), activity(2), failure(1, { status_code: null })]));
    expect(row("id-3").getByText("401")).toBeVisible();
    expect(row("id-2").queryByText("200")).not.toBeInTheDocument();
    expect(row("id-1").getByText("failed")).toBeVisible();
  });

  it("stands below its day, unless that is today", () => {
    const now = Date.now() / 1_000;
    render(table([activity(2, { timestamp: now }), activity(1, { timestamp: now - 2 * 86_400 })]));
    const days = screen.getAllByRole("rowheader");
    expect(days).toHaveLength(1);
    expect(days[0]?.closest("tr")?.nextElementSibling).toHaveAttribute("data-activity", "id-1");
  });
});

it("adds columns in the order in which they are chosen, moves them, and remembers them", async () => {
  render(table([activity(1, { tenant_id: "acme" })]));
  await userEvent.click(button("Columns and rows"));
  await userEvent.click(await screen.findByRole("checkbox", { name: "Tenant" }));
  await userEvent.click(screen.getByRole("checkbox", { name: "E-mail" }));
  const headers = () => screen.getAllByRole("columnheader").map((header) => header.textContent);
  expect(headers().slice(2, 4)).toEqual(["Tenant", "E-mail"]);
  expect(screen.getByText("acme")).toBeVisible();
  await userEvent.click(button("E-mail: one to the left"));
  expect(headers().slice(2, 4)).toEqual(["E-mail", "Tenant"]);
  expect(localStorage.getItem("livetrail.columns")).toBe('["email","tenant"]');
});

it("takes choices of another version for none", () => {
  localStorage.setItem("livetrail.columns", '["unheard_of", 7, "tenant", "tenant"]');
  localStorage.setItem("livetrail.density", "{");
  render(table([activity(1, { tenant_id: "acme" })]));
  expect(screen.getAllByRole("columnheader", { name: "Tenant" })).toHaveLength(1);
});

it("draws of a long list what is in sight, and says how long it is", () => {
  render(table(Array.from({ length: 2_000 }, (_, index) => activity(2_000 - index))));
  expect(shown().length).toBeLessThan(100);
  // Two thousand rows, the line of their day, and the head.
  expect(screen.getByRole("table")).toHaveAttribute("aria-rowcount", "2002");
});
