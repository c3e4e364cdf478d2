import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { activity, facets, list } from "../test/sample";
import { ok, World } from "../test/world";
import { currentTimes } from "../times/times";

const group = (value: string, label: string | null, count: number) => ({
  value,
  label,
  tenant_id: null,
  count,
  failed_count: 0,
  first_at: "2026-11-30T10:00:00Z",
  last_at: "2026-11-30T11:00:00Z",
  p95_duration_ms: null,
});

function world(): World {
  const world = new World();
  world.page = list([activity(1)]);
  world.facets = facets({ status: [{ value: "404", count: 7, label: null }] });
  world.handlers["GET /api/admin/activity/groups"] = (url) =>
    ok({
      success: true,
      data:
        url.searchParams.get("by") === "resource_type"
          ? [group("document", null, 3)]
          : [group("u-ada", "Ada Lovelace", 12), group("u-ben", "Ben", 5)],
      is_complete: true,
      is_exact: true,
      head_cursor: "head-1",
    });
  world.handlers["GET /config"] = () => ok({ text_search: false });
  world.handlers["GET /api/admin/activity/sessions"] = () =>
    ok({
      success: true,
      data: [
        {
          ...group("", null, 4),
          session_id: "ses-77",
          user_id: "u-ada",
          user_email: null,
          user_display_name: "Ada Lovelace",
          is_admin: false,
          ip_address: "192.0.2.7",
          device: null,
        },
      ],
      next_cursor: null,
      head_cursor: "head-1",
    });
  return world;
}

async function opened(of = world()) {
  await of.openLive();
  await userEvent.keyboard("{Control>}k{/Control}");
  return screen.findByRole("combobox", { name: "Find a command" });
}

const options = () => within(screen.getByRole("listbox", { name: "Commands" })).getAllByRole("option");
const activeOption = (field: HTMLElement) =>
  document.getElementById(field.getAttribute("aria-activedescendant") ?? "");

it("goes to a page by the keyboard alone, and offers it first the next time", async () => {
  const field = await opened();
  await userEvent.type(field, "peop{Enter}");
  await screen.findByRole("table", { name: "People" });
  expect(screen.queryByRole("combobox", { name: "Find a command" })).toBeNull();
  await userEvent.keyboard("{Meta>}k{/Meta}");
  await screen.findByRole("combobox", { name: "Find a command" });
  expect(options()[0]).toHaveTextContent("People");
  expect(screen.getByRole("group", { name: "Recent" })).toBeVisible();
});

it("works while single letters are switched off", async () => {
  localStorage.setItem("livetrail-keys", "off");
  expect(await opened()).toHaveFocus();
});

it("names the option that the arrows are at, and goes round", async () => {
  const field = await opened();
  expect(activeOption(field)).toBe(options()[0]);
  await userEvent.keyboard("{ArrowUp}");
  expect(activeOption(field)).toBe(options().at(-1));
  await userEvent.keyboard("{ArrowDown}{ArrowDown}");
  expect(activeOption(field)).toBe(options()[1]);
  expect(activeOption(field)).toHaveAttribute("aria-selected", "true");
});

it("filters the log by a field and a value of it, with the count", async () => {
  const field = await opened();
  await userEvent.type(field, "stat{Enter}");
  expect(field).toHaveValue("status:");
  await waitFor(() => expect(options()[0]).toHaveTextContent(/404.*7/));
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(new URLSearchParams(window.location.search).get("status")).toBe("404"));
});

it("finds people and sessions by a part of their names, and asks no more for each letter", async () => {
  const of = world();
  const field = await opened(of);
  await userEvent.type(field, "lovel");
  const people = await screen.findByRole("group", { name: "People" });
  expect(within(people).getByRole("option")).toHaveTextContent(/Ada Lovelace.*u-ada.*12/);
  expect(within(screen.getByRole("group", { name: "Sessions" })).getByRole("option")).toHaveTextContent(
    "ses-77",
  );
  expect(of.askedFor("/api/admin/activity/groups")).toHaveLength(1);
  expect(of.askedFor("/api/admin/activity/sessions")).toHaveLength(1);
  await userEvent.keyboard("{Enter}");
  await waitFor(() => expect(window.location.pathname).toBe("/admin/people/u-ada"));
});

it("leads to a resource by its id, once it is chosen", async () => {
  const of = world();
  const field = await opened(of);
  await userEvent.type(field, "q3-report.pdf");
  const asked = of.askedFor("/api/admin/activity/groups").length;
  await userEvent.click(await screen.findByRole("option", { name: /Resource “q3-report.pdf”/ }));
  await waitFor(() => expect(window.location.pathname).toBe("/admin/resources/document/q3-report.pdf"));
  expect(of.askedFor("/api/admin/activity/groups")[asked]).toContain("resource_id=q3-report.pdf");
});

it("searches the log for what nothing is called", async () => {
  const field = await opened();
  await userEvent.type(field, "zzz 9{Enter}");
  await waitFor(() => expect(new URLSearchParams(window.location.search).get("q")).toBe("zzz 9"));
});

it("holds new rows, chooses how times are read, and shows the keys", async () => {
  const field = await opened();
  await userEvent.type(field, "hold{Enter}");
  expect(await screen.findByRole("button", { name: "Resume live updates" })).toBeVisible();
  await userEvent.keyboard("{Control>}k{/Control}");
  await userEvent.type(await screen.findByRole("combobox", { name: "Find a command" }), "utc{Enter}");
  expect(currentTimes().style).toBe("utc");
  await userEvent.keyboard("{Control>}k{/Control}");
  await userEvent.type(await screen.findByRole("combobox", { name: "Find a command" }), "shortcuts{Enter}");
  expect(await screen.findByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
});

it("copies a link and says so before it closes", async () => {
  const user = userEvent.setup();
  const field = await opened();
  await user.type(field, "copy link{Enter}");
  expect(await within(screen.getByRole("dialog", { name: "Commands" })).findByText("Copied")).toBeVisible();
  expect(await navigator.clipboard.readText()).toBe(window.location.href);
  await waitFor(() => expect(screen.queryByRole("dialog", { name: "Commands" })).toBeNull());
});

it("offers the table's columns beside the log only", async () => {
  const field = await opened();
  await userEvent.type(field, "column tenant{Enter}");
  expect(await screen.findByRole("columnheader", { name: "Tenant" })).toBeVisible();
  await userEvent.keyboard("{Control>}k{/Control}");
  await userEvent.type(await screen.findByRole("combobox", { name: "Find a command" }), "networks{Enter}");
  await screen.findByRole("table", { name: "Networks" });
  await userEvent.keyboard("{Control>}k{/Control}");
  await userEvent.type(await screen.findByRole("combobox", { name: "Find a command" }), "column");
  expect(screen.queryByRole("option", { name: /the column/ })).toBeNull();
});
