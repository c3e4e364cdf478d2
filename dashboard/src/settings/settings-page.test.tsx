import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { RedactionTried, RetentionInfo, Setting } from "../api/types";
import { ok, refused, World } from "../test/world";

const TRY = "/api/admin/redaction/try";

const setting = (key: string, over: Partial<Setting> = {}): Setting => ({
  key,
  environment: `LIVETRAIL_${key.toUpperCase()}`,
  help: "What it is for",
  value: null,
  note: "not set",
  source: "default",
  ...over,
});

const tried = (over: Partial<RedactionTried> = {}): RedactionTried => ({
  is_on: true,
  details: { password: "[redacted]" },
  changes: null,
  error_message: null,
  endpoint: null,
  user_agent: null,
  session_id: null,
  replaced: { key: 1 },
  ...over,
});

function worldWithSettings(retention: Partial<RetentionInfo> = {}): World {
  const world = new World();
  world.handlers["GET /api/admin/settings"] = () =>
    ok({
      settings: [
        setting("public-url"),
        setting("redact", { value: "true", note: null, source: "file" }),
        setting("listen", { value: '"0.0.0.0:80"', note: null, source: "command_line" }),
      ],
    });
  world.handlers["GET /api/admin/retention"] = () =>
    ok({
      keep_hours: 2_160,
      keep_rows: null,
      rules: [],
      holds: [],
      floor: 0,
      removals: 0,
      run: null,
      ...retention,
    });
  world.handlers["GET /api/admin/catalogue"] = () =>
    ok({
      categories: [],
      actions: [
        {
          key: "user_login",
          title: "User login",
          category: "authentication",
          icon: "log-in",
          sentence: "{user} signed in",
          failed: null,
          untargeted: null,
          severity: "info",
        },
      ],
    });
  return world;
}

const details = () => screen.findByRole("textbox", { name: "Details of an activity, as JSON" });

test("settings are listed with their values, those that are set first", async () => {
  worldWithSettings().open("/admin/settings");
  const table = within(await screen.findByRole("table", { name: "Settings in force" }));
  const [, ...rows] = table.getAllByRole("row");
  expect(rows.map((row) => row.textContent)).toEqual([
    'listen"0.0.0.0:80"flag or environmentWhat it is for',
    "redacttruefileWhat it is for",
    "public-urlnot setdefaultWhat it is for",
  ]);
});

test("the retention, its holds and the catalogue are shown", async () => {
  const hold = {
    id: "h-1",
    reason: "The case of Ada",
    tenant_id: "acme",
    user_id: null,
    from: null,
    until: null,
    made_by: "livetrail-admin",
    created_at: "2027-01-15T08:00:00Z",
  };
  worldWithSettings({ holds: [hold] }).open("/admin/settings");
  expect(await screen.findByText("90 days")).toBeVisible();
  const holds = within(screen.getByRole("table", { name: "Legal holds" }));
  expect(holds.getByRole("row", { name: /^The case of Ada acme all/ })).toBeVisible();
  const catalogue = within(await screen.findByRole("table", { name: "Action catalogue" }));
  expect(catalogue.getByRole("link", { name: /^User login/ })).toHaveAttribute(
    "href",
    "/admin/activity?action_filter=user_login",
  );
});

test("a trial sends the details as they were typed, and shows what would be stored", async () => {
  const world = worldWithSettings();
  let sent = "";
  world.handlers[`POST ${TRY}`] = (_, init) => {
    sent = String(init.body);
    return ok(tried());
  };
  world.open("/admin/settings");
  fireEvent.change(await details(), { target: { value: '{"id": 175928847299117063, "password": "p"}' } });
  fireEvent.click(screen.getByRole("button", { name: "Try" }));
  expect(await screen.findByText("Replaced: key ×1.")).toBeVisible();
  expect(screen.getByRole("region", { name: "What would be stored" })).toHaveTextContent(
    '"password": "[redacted]"',
  );
  expect(sent).toBe('{"details": {"id": 175928847299117063, "password": "p"}}');
});

test("what is not an object in JSON is said before anything is sent", async () => {
  const world = worldWithSettings();
  world.open("/admin/settings");
  for (const [text, why] of [
    ["[1]", /^Details are a JSON object/],
    ["{}, {}", /^This is not JSON/],
  ] as const) {
    fireEvent.change(await details(), { target: { value: text } });
    fireEvent.click(screen.getByRole("button", { name: "Try" }));
    expect(await screen.findByRole("alert")).toHaveTextContent(why);
  }
  expect(world.askedFor(TRY)).toEqual([]);
});

test("a trial says what the server refuses, and that the redaction is off", async () => {
  const world = worldWithSettings();
  world.handlers[`POST ${TRY}`] = () => refused(422, "The details are too large");
  world.open("/admin/settings");
  await details();
  fireEvent.click(screen.getByRole("button", { name: "Try" }));
  expect(await screen.findByText("The details are too large")).toBeVisible();
  world.handlers[`POST ${TRY}`] = () => ok(tried({ is_on: false, details: {}, replaced: {} }));
  fireEvent.click(screen.getByRole("button", { name: "Try" }));
  expect(await screen.findByText(/^The redaction is switched off/)).toBeVisible();
  expect(screen.getByText("Nothing was replaced.", { exact: false })).toBeVisible();
});

test("a viewer sees the catalogue, and why there is nothing else", async () => {
  const world = worldWithSettings();
  world.session = { ...world.session, role: "viewer" };
  for (const path of ["settings", "retention"])
    world.handlers[`GET /api/admin/${path}`] = () => refused(403, "no");
  world.open("/admin/settings");
  await screen.findByRole("table", { name: "Action catalogue" });
  await waitFor(() => expect(screen.getAllByText(/^Your role does not read this/)).toHaveLength(2));
  expect(screen.queryByRole("button", { name: "Try" })).toBeNull();
});
