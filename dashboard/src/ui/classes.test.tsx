import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { bar } from "../test/bar";
import { activity, alert, failure, list, rule } from "../test/sample";
import { refused, World } from "../test/world";

const COLOURS = "(?:ink|muted|faint|accent|good|bad|warn|white)";
/** Classes that decide the same property: of two of them on one element, one is without effect. */
const FAMILIES: Record<string, RegExp> = {
  height: /^(?:h|size)-/,
  width: /^(?:w|size)-/,
  "horizontal padding": /^(?:px|p)-/,
  "vertical padding": /^(?:py|p)-/,
  "size of text": /^text-(?:2xs|xs|sm|base|lg|xl)(?:$|\/)/,
  colour: new RegExp(`^text-${COLOURS}$`),
  background: /^bg-/,
  corners: /^rounded(?:-(?:sm|md|lg|xl|full|\[.*\]))?$/,
  gap: /^gap-\d/,
  weight: /^font-(?:normal|medium|semibold|bold)$/,
};

const clashes = (): string[] =>
  [...document.body.querySelectorAll("[class]")].flatMap((element) =>
    Object.entries(FAMILIES).flatMap(([property, pattern]) => {
      const rivals = [...element.classList].filter((name) => pattern.test(name));
      return rivals.length > 1 ? [`${property} of ${element.tagName}: ${rivals.join(", ")}`] : [];
    }),
  );

it("decides each property of an element once, in the list, a detail and the panels of the filters", async () => {
  userEvent.setup();
  const world = new World();
  const changed = failure(2, {
    changes: { role: { from: "viewer", to: "admin" } },
    details: { a: [1] },
    is_admin: true,
  });
  world.page = list([changed, activity(1, { user_id: "anon-1" })], {
    next_cursor: "n",
  });
  const stream = await world.openLive(
    "/admin/activity?activity=id-2&ip=203.0.113.7&date_from=1800000000&is_admin=x",
  );
  await screen.findByRole("dialog");
  stream.push(activity(3));
  expect(clashes()).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Copy link" }));
  await userEvent.click(screen.getByRole("button", { name: /^Copy y/ }));
  await screen.findByRole("dialog", { name: "Copy this activity" });
  expect(clashes()).toEqual([]);
  await userEvent.type(bar(), "203.0.113.7");
  await screen.findByRole("option", { name: /^ip/ });
  expect(clashes()).toEqual([]);
  await userEvent.clear(bar());
  await userEvent.click(screen.getByRole("button", { name: /^Edit filter time/ }));
  await screen.findByRole("dialog", { name: "Time" });
  expect(clashes()).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: /^Export/ }));
  await screen.findByRole("dialog", { name: "Export" });
  expect(clashes()).toEqual([]);
});

it("decides it once while nothing is there, and when the server refuses", async () => {
  const world = new World();
  world.handlers["GET /api/admin/activity"] = () => refused(422, "no");
  world.open();
  await screen.findByText("no");
  expect(clashes()).toEqual([]);
});

it("decides it once where one signs in", async () => {
  const world = new World();
  world.handlers["GET /api/session"] = () => refused(401, "Authentication required");
  world.open();
  await screen.findByRole("heading", { name: "Sign in to Livetrail" });
  expect(clashes()).toEqual([]);
});

it("decides it once in the first run", async () => {
  await new World().openLive();
  expect(clashes()).toEqual([]);
});

it("decides it once in the alerts, an open one, and the rules", async () => {
  const world = new World();
  world.alerts = [
    alert(2, { severity: "critical", late: true, ongoing: true, decided_by: "ada" }),
    alert(1, { state: "resolved" }),
  ];
  world.rules = [rule("failed-sign-ins", { changed: true, saturated_since: 1, open: 2 })];
  world.page = list([failure(2)]);
  await world.openLive("/alerts?alert=alert-2");
  await screen.findByText("raised it");
  expect(clashes()).toEqual([]);
  await userEvent.click(screen.getByRole("link", { name: "Rules" }));
  await userEvent.click(await screen.findByRole("button", { name: "Many failed sign-ins of one user" }));
  expect(clashes()).toEqual([]);
  await userEvent.click(await screen.findByRole("button", { name: "Edit" }));
  await screen.findByRole("textbox", { name: "Definition, in TOML" });
  expect(clashes()).toEqual([]);
});
