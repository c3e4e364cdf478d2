import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { DEFINITION, rule } from "../../test/sample";
import { ok, refused, World } from "../../test/world";
import { everyDay } from "./back-test-report";

const params = () => Object.fromEntries(new URLSearchParams(window.location.search));
const row = async (title: string | RegExp) => {
  const item = (await screen.findByRole("button", { name: title })).closest("li");
  if (!item) throw new Error("a rule stands in no row");
  return within(item);
};
const drawer = async () => within(await screen.findByRole("dialog"));
const editor = () => screen.findByRole<HTMLTextAreaElement>("textbox", { name: "Definition, in TOML" });
const BACK_TEST = "POST /api/admin/alert-rules/backtest";
const lines = (...each: unknown[]) => ({
  status: 200,
  text: each.map((line) => JSON.stringify(line)).join("\n"),
});

function worldWithRules(): World {
  const world = new World();
  world.rules = [
    rule("failed-sign-ins", { open: 3 }),
    rule("spraying", { title: "Spraying", enabled: false, changed: true, saturated_since: 1_234 }),
    rule("mine", { title: "My rule", built_in: false, tenant_id: "acme" }),
  ];
  return world;
}

describe("the list of rules", () => {
  it("says of each whether it is on, what is special about it, and how many of its alerts are open", async () => {
    await worldWithRules().openLive("/alerts/rules");
    const first = await row("Many failed sign-ins of one user");
    expect(first.getByRole("switch")).toBeChecked();
    expect(first.getByRole("link", { name: "3 open" })).toHaveAttribute(
      "href",
      "/alerts?state=open&rule=failed-sign-ins",
    );
    const second = await row("Spraying");
    expect(second.getByRole("switch", { name: "Look for: Spraying" })).not.toBeChecked();
    expect(second.getByText("changed")).toBeVisible();
    expect(second.getByText("full")).toBeVisible();
    const third = await row("My rule");
    expect(third.getByText("own")).toBeVisible();
    expect(third.getByText("acme")).toBeVisible();
  });

  it("switches a rule, and says when that was refused", async () => {
    const world = worldWithRules();
    const bodies: string[] = [];
    world.handlers["PUT /api/admin/alert-rules/spraying"] = (_, init) => {
      bodies.push(String(init.body));
      world.rules = world.rules.map((each) => (each.id === "spraying" ? { ...each, enabled: true } : each));
      return ok(world.rules[1]);
    };
    world.handlers["PUT /api/admin/alert-rules/mine"] = () =>
      refused(403, "An admin of all tenants is needed");
    await world.openLive("/alerts/rules");
    const spraying = await row("Spraying");
    await userEvent.click(spraying.getByRole("switch"));
    await waitFor(() => expect(spraying.getByRole("switch")).toBeChecked());
    expect(bodies).toEqual(['{"enabled":true}']);
    const mine = await row("My rule");
    await userEvent.click(mine.getByRole("switch"));
    expect(await screen.findByText("An admin of all tenants is needed")).toBeVisible();
    expect(mine.getByRole("switch")).toBeChecked();
  });

  it("has nothing to change for a viewer", async () => {
    const world = worldWithRules();
    world.session = { ...world.session, role: "viewer" };
    await world.openLive("/alerts/rules?open=spraying");
    const dialog = await drawer();
    expect(dialog.getByRole("heading", { name: "Spraying" })).toBeVisible();
    expect(screen.queryByRole("switch")).not.toBeInTheDocument();
    expect(
      screen.queryByRole("button", { name: /New rule|Edit|Back-test|built-in form/ }),
    ).not.toBeInTheDocument();
    expect((await row("Spraying")).getByText("off")).toBeVisible();
  });

  it("shows a rule that this server cannot read as one", async () => {
    const world = worldWithRules();
    world.rules = [
      rule("new", { title: "new", faults: ["line 2, column 1: `zap` is unknown"], enabled: false }),
    ];
    await world.openLive("/alerts/rules?open=new");
    expect((await drawer()).getByText("line 2, column 1: `zap` is unknown")).toBeVisible();
    const unread = await row("new");
    expect(unread.getByText("not readable")).toBeVisible();
    expect(unread.getByRole("switch")).toBeDisabled();
  });
});

describe("a rule", () => {
  it("opens with its words and its text, and moves along the rows", async () => {
    await worldWithRules().openLive("/alerts/rules");
    await userEvent.click(await screen.findByRole("button", { name: "Spraying" }));
    const dialog = await drawer();
    expect(dialog.getByText("10 or more activities of one user within 10 minutes.")).toBeVisible();
    expect(dialog.getByText(/timespan = "10m"/)).toBeVisible();
    expect(dialog.getByText(/Since position 1,234/)).toBeVisible();
    await userEvent.keyboard("j");
    expect(await dialog.findByRole("heading", { name: "My rule" })).toBeVisible();
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(params()).toEqual({}));
  });

  it("is edited, and its faults stand at their lines", async () => {
    const world = worldWithRules();
    let isWrong = true;
    const bodies: unknown[] = [];
    world.handlers["PUT /api/admin/alert-rules/mine"] = (_, init) => {
      bodies.push(JSON.parse(String(init.body)));
      const errors = [
        {
          pointer: "/definition",
          detail: "line 4, column 1: `group_bi` is unknown: did you mean `group_by`?",
        },
        { pointer: "/definition", detail: "line 12, column 7: must be 1 to 10000, not 0" },
      ];
      return isWrong
        ? {
            status: 422,
            body: { type: "about:blank", title: "Invalid", status: 422, detail: "Two faults", errors },
          }
        : ok(world.rules[2]);
    };
    await world.openLive("/alerts/rules?open=mine");
    await userEvent.click((await drawer()).getByRole("button", { name: "Edit" }));
    const text = await editor();
    expect(text).toHaveValue(DEFINITION);
    await userEvent.type(text, "# more");
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    const faults = await screen.findByRole("alert");
    expect(faults).toHaveTextContent("Line 4`group_bi` is unknown: did you mean `group_by`?");
    expect(text).toBeInvalid();
    await userEvent.click(within(faults).getByRole("button", { name: "Line 4" }));
    expect(text).toHaveFocus();
    expect(text.value.slice(text.selectionStart, text.selectionEnd)).toBe('group_by = ["user_id"]');
    isWrong = false;
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(params()).toEqual({ open: "mine" }));
    expect(bodies).toEqual([{ definition: `${DEFINITION}# more` }, { definition: `${DEFINITION}# more` }]);
  });

  it("keeps a text that was not saved when the drawer is closed", async () => {
    await worldWithRules().openLive("/alerts/rules?open=mine&mode=edit");
    await userEvent.type(await editor(), "# more");
    await userEvent.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    await userEvent.click(await screen.findByRole("button", { name: "My rule" }));
    await userEvent.click((await drawer()).getByRole("button", { name: "Edit" }));
    expect(await editor()).toHaveValue(`${DEFINITION}# more`);
    await userEvent.click(screen.getByRole("button", { name: "Discard" }));
    await userEvent.click((await drawer()).getByRole("button", { name: "Edit" }));
    expect(await editor()).toHaveValue(DEFINITION);
  });

  it("is made from an example, switched off until that is asked for", async () => {
    const world = worldWithRules();
    const bodies: { enabled: boolean }[] = [];
    world.handlers["POST /api/admin/alert-rules"] = (_, init) => {
      bodies.push(JSON.parse(String(init.body)));
      if (bodies.length === 1) return refused(409, "There is a rule `many-refusals`");
      world.rules = [...world.rules, rule("many-refusals", { title: "Many refusals", built_in: false })];
      return { status: 201, body: world.rules[3] };
    };
    await world.openLive("/alerts/rules");
    await userEvent.click(screen.getByRole("button", { name: "New rule" }));
    await userEvent.click(await screen.findByRole("button", { name: "Create the rule" }));
    expect(await screen.findByText("There is a rule `many-refusals`")).toBeVisible();
    await userEvent.click(screen.getByRole("checkbox", { name: "Switch it on at once" }));
    await userEvent.click(screen.getByRole("button", { name: "Create the rule" }));
    expect(await (await drawer()).findByRole("heading", { name: "Many refusals" })).toBeVisible();
    expect(bodies.map(({ enabled }) => enabled)).toEqual([false, true]);
  });

  it("is deleted only when that is said twice", async () => {
    const world = worldWithRules();
    world.handlers["DELETE /api/admin/alert-rules/mine"] = () => {
      world.rules = world.rules.slice(0, 2);
      return { status: 204 };
    };
    await world.openLive("/alerts/rules?open=mine");
    const dialog = await drawer();
    await userEvent.click(dialog.getByRole("button", { name: "Delete the rule" }));
    expect(world.askedFor("/api/admin/alert-rules/mine")).toEqual([]);
    await userEvent.click(dialog.getByRole("button", { name: "Delete the rule" }));
    await waitFor(() => expect(screen.queryByRole("button", { name: "My rule" })).not.toBeInTheDocument());
    expect(params()).toEqual({});
  });
});

describe("a back-test", () => {
  const RESULT = {
    type: "result",
    activities: 3_204,
    alerts: 12,
    per_day: [
      { day: "2026-11-01", alerts: 9 },
      { day: "2026-11-04", alerts: 3 },
    ],
    groups: [{ group: { user_id: "ada" }, tenant_id: "acme", alerts: 12, activities: 3_000 }],
    first: [
      { id: "a", group: { user_id: "ada" }, tenant_id: "acme", first_at: "2026-11-01T10:00:00Z", count: 10 },
    ],
    saturated_since: null,
    stopped_at: null,
  };

  it("says what a rule would have raised, by day and by whom", async () => {
    const world = worldWithRules();
    const bodies: { definition: string; from: string }[] = [];
    const day = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
    const result = { ...RESULT, per_day: [{ day, alerts: 12 }] };
    world.handlers[BACK_TEST] = (_, init) => {
      bodies.push(JSON.parse(String(init.body)));
      return lines({ type: "progress", read: 1, of: 2 }, { type: "from_the_future" }, result);
    };
    await world.openLive("/alerts/rules?open=mine");
    const dialog = await drawer();
    await userEvent.selectOptions(dialog.getByRole("combobox", { name: "Range" }), "the last 7 days");
    await userEvent.click(dialog.getByRole("button", { name: "Back-test" }));
    expect(await dialog.findByText(/1\.7 a day/)).toHaveTextContent(
      "12 alerts, 1.7 a day, from 3,204 activities.",
    );
    expect(dialog.getByRole("img")).toHaveAccessibleName(/The most, 12, on \w+ \d+\./);
    expect(dialog.getByRole("img").children).toHaveLength(8);
    expect(dialog.getByRole("row", { name: /^user ada ?, tenant acme 12 3,000$/ })).toBeVisible();
    const [asked] = bodies;
    expect(asked?.definition).toBe(DEFINITION);
    expect((Date.now() - Date.parse(asked?.from ?? "")) / 86_400_000).toBeCloseTo(7, 2);
  });

  it("has a bar for each day that was looked at", () => {
    const until = Date.parse("2026-11-05T12:00:00Z");
    expect(everyDay(RESULT.per_day, 7, until).map(({ day, alerts }) => [day.slice(8), alerts])).toEqual([
      ["29", 0],
      ["30", 0],
      ["31", 0],
      ["01", 9],
      ["02", 0],
      ["03", 0],
      ["04", 3],
      ["05", 0],
    ]);
    const ahead = [{ day: "2026-11-06", alerts: 1 }];
    expect(everyDay(ahead, 7, until).at(-1)).toEqual({ day: "2026-11-06", alerts: 1 });
  });

  it("says where it tells less than the rule would have raised", async () => {
    const world = worldWithRules();
    const result = { ...RESULT, stopped_at: "2026-11-04T10:00:00Z", saturated_since: 1_234 };
    world.handlers[BACK_TEST] = () => lines(result);
    await world.openLive("/alerts/rules?open=mine");
    const dialog = await drawer();
    await userEvent.click(dialog.getByRole("button", { name: "Back-test" }));
    expect(await dialog.findByText(/The rule raises too many alerts/)).toHaveTextContent(
      /ended at .*Nov 4.* too many groups.* after position 1,234 /,
    );
    expect(dialog.getByText("12 alerts").parentElement).toHaveTextContent("12 alerts from 3,204 activities.");
  });

  it("of a rule that is off begins with one click in the list, and the rule is switched on beside it", async () => {
    const world = worldWithRules();
    world.handlers[BACK_TEST] = () => lines(RESULT);
    world.handlers["PUT /api/admin/alert-rules/spraying"] = () => {
      world.rules = world.rules.map((each) => (each.id === "spraying" ? { ...each, enabled: true } : each));
      return ok(world.rules[1]);
    };
    await world.openLive("/alerts/rules");
    await userEvent.click((await row("Spraying")).getByRole("button", { name: "Back-test: Spraying" }));
    const dialog = await drawer();
    expect(await dialog.findByText("12 alerts")).toBeVisible();
    await userEvent.click(dialog.getByRole("switch"));
    await waitFor(() => expect(dialog.getByText("On")).toBeVisible());
    expect(dialog.getByText("12 alerts")).toBeVisible();
  });

  it("shows how far it is, and is cancelled", async () => {
    const world = worldWithRules();
    world.handlers[BACK_TEST] = () => new Promise(() => undefined);
    await world.openLive("/alerts/rules?open=mine");
    const dialog = await drawer();
    await userEvent.click(dialog.getByRole("button", { name: "Back-test" }));
    expect(await dialog.findByRole("progressbar", { name: "Back-test" })).toBeVisible();
    await userEvent.click(dialog.getByRole("button", { name: "Cancel" }));
    expect(await dialog.findByText("Cancelled.")).toBeVisible();
    await waitFor(() => expect(world.cancelled).toEqual([BACK_TEST]));
  });

  it("says why it failed, also when the answer only ends", async () => {
    const world = worldWithRules();
    world.handlers[BACK_TEST] = () => lines({ type: "failed", detail: "The log is being restored" });
    await world.openLive("/alerts/rules?open=mine");
    const dialog = await drawer();
    await userEvent.click(dialog.getByRole("button", { name: "Back-test" }));
    expect(await dialog.findByText("The log is being restored")).toBeVisible();
    world.handlers[BACK_TEST] = () => lines({ type: "progress", read: 1, of: 2 });
    await userEvent.click(dialog.getByRole("button", { name: "Back-test" }));
    expect(await dialog.findByText(/The answer was cut off/)).toBeVisible();
  });

  it("of a text that is being written names its faults at their lines", async () => {
    const world = worldWithRules();
    world.handlers[BACK_TEST] = () => refused(422, "line 2, column 1: `title` is empty: give it a text");
    await world.openLive("/alerts/rules?mode=new");
    await editor();
    await userEvent.click(screen.getByRole("button", { name: "Back-test" }));
    expect(await screen.findByRole("button", { name: "Line 2" })).toBeVisible();
    expect(await editor()).toBeInvalid();
  });
});
