import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import type { Activity, Session } from "../api/types";
import { bar } from "../test/bar";
import { activity, alert, facets, failure, list, rule } from "../test/sample";
import { ok, refused, World } from "../test/world";

/** Turns what follows it around, so that "nimda" reads as "admin". */
const TURN = "\u202E";
const forged = (text: string) => `${text}${TURN}nimda`;
const FORGED: Partial<Activity> = {
  user_id: forged("id"),
  user_email: forged("mail"),
  user_display_name: forged("name"),
  action_type: forged("action"),
  description: forged("description"),
  category: forged("category"),
  endpoint: forged("/endpoint"),
  http_method: forged("GET"),
  error_message: forged("error"),
  error_type: forged("type"),
  target_user_id: forged("target"),
  target_resource_id: forged("resource"),
  resource_type: forged("kind"),
  ip_address: forged("address"),
  user_agent: forged("agent"),
  device: { browser: forged("browser"), os: forged("os"), class: "desktop" },
  session_id: forged("session"),
  request_id: forged("request"),
  trace_id: forged("trace"),
  delegate_id: forged("delegate"),
  via: forged("via"),
  tenant_id: forged("tenant"),
  details: { [forged("key")]: [forged("value")] },
  changes: { [forged("field")]: { from: forged("before"), to: { [forged("deep")]: forged("after") } } },
  is_admin: true,
};
const REPORTS = "/api/admin/reports";
const report = (rows: unknown[]) =>
  ok({ success: true, since: "2026-11-28T10:00:00Z", limit: 20, data: rows, head_cursor: "head-1" });

/** Every text that is on the page, also in tooltips and names. */
const everyText = () => [
  document.body.textContent,
  ...[...document.body.querySelectorAll("[title], [aria-label]")].flatMap((element) => [
    element.getAttribute("title"),
    element.getAttribute("aria-label"),
  ]),
];
const expectNothingTurned = () => expect(everyText().filter((text) => text?.includes(TURN))).toEqual([]);

function forgedWorld(): World {
  const world = new World();
  world.page = list([failure(1, FORGED)]);
  world.facets = facets({ action_type: [{ value: forged("action"), label: null, count: 1 }] });
  const reader = { user_id: forged("id"), role: "admin", display_name: forged("reader") } as Session;
  world.handlers["GET /api/session"] = () => ok(reader);
  return world;
}

it("shows invisible characters in the list, in the detail and among the filters", async () => {
  const world = forgedWorld();
  const forgedValue = encodeURIComponent(forged("x"));
  const filters = ["user_id", "ip", "target_user_id", "unheard_of"].map((name) => `${name}=${forgedValue}`);
  await world.openLive(`/admin/activity?activity=id-1&${filters.join("&")}`);
  const detail = await screen.findByRole("dialog");
  for (const text of [
    "session",
    "delegate",
    "via",
    "value",
    "before",
    "after",
    "key",
    "field",
    "agent",
    "browser",
  ]) {
    expect(detail).toHaveTextContent(new RegExp(`${text}⟨?U\\+202E⟩?nimda`));
  }
  expect(screen.getByRole("button", { name: /^Edit filter user x/ })).toHaveTextContent("user xU+202Enimda");
  expectNothingTurned();
  await userEvent.type(bar(), "action:");
  await screen.findByRole("option", { name: /^action action/ });
  expectNothingTurned();
});

it("shows them in what arrives live", async () => {
  const world = forgedWorld();
  world.page = list([]);
  const stream = await world.openLive();
  stream.push(activity(2, { ...FORGED, resource_type: null }));
  const toasts = screen.getByRole("region", { name: "New activity" });
  await waitFor(() => expect(toasts).toHaveTextContent("descriptionU+202Enimda"));
  const group = { user_id: forged("user"), [forged("field")]: "x", constructor: "x" };
  act(() => stream.send({ type: "alert", data: alert(3, { title: forged("alert"), group }) }, "c-3"));
  const notice = await screen.findByRole("region", { name: "New alert" });
  await waitFor(() => expect(notice).toHaveTextContent("alertU+202Enimda"));
  expect(notice).toHaveTextContent("user userU+202Enimda");
  expectNothingTurned();
});

it("shows them in the alerts and in the rules", async () => {
  const world = forgedWorld();
  const told = alert(1, {
    title: forged("title"),
    tenant_id: forged("tenant"),
    group: { user_id: forged("id"), [forged("field")]: forged("value") },
    reason: forged("reason"),
    decided_by: forged("decider"),
    rule: forged("rule"),
  });
  world.alerts = [told];
  const texts = { title: forged("title"), description: forged("description"), tenant_id: forged("tenant") };
  const definition = `id = "x"\n[filter]\nip = "${forged("address")}"\n[condition]\ntype = "event_count"\n`;
  world.rules = [
    rule(forged("rule"), { ...texts, definition, changed_by: forged("changer"), changed: true }),
  ];
  world.open(
    `/alerts?alert=${told.id}&rule=${encodeURIComponent(forged("x"))}&tenant_id=${encodeURIComponent(forged("y"))}`,
  );
  const dialog = await screen.findByRole("dialog");
  await within(dialog).findByText(/^description/);
  for (const text of ["title", "reason", "decider", "field", "value", "address", "rule"]) {
    expect(dialog).toHaveTextContent(new RegExp(`${text}⟨?U\\+202E⟩?nimda`, "i"));
  }
  expectNothingTurned();
  await userEvent.click(within(dialog).getByRole("link", { name: /^Rule/ }));
  await screen.findByRole("list", { name: "Rules" });
  await within(await screen.findByRole("dialog")).findByText(/^changer/);
  expectNothingTurned();
});

it.each(["failed_sign_ins", "failed_logins", "endpoint_performance", "admin_audit", "recent_activity"])(
  "shows them in the report %s",
  async (name) => {
    const world = forgedWorld();
    const rows = {
      failed_sign_ins: {
        ...activity(1, FORGED),
        network: forged("network"),
        attempts: 3,
        users: 1,
        networks: 1,
        first_at: "2026-11-28T10:00:00Z",
        last_at: "2026-11-28T10:00:00Z",
      },
      failed_logins: {
        ...activity(1, FORGED),
        attempts: 3,
        first_at: "2026-11-28T10:00:00Z",
        last_at: "2026-11-28T10:00:00Z",
      },
      endpoint_performance: {
        endpoint: forged("/endpoint"),
        requests: 1,
        avg_ms: 1,
        max_ms: 1,
        success_rate: 100,
      },
      admin_audit: activity(1, FORGED),
      recent_activity: activity(1, FORGED),
    } as Record<string, unknown>;
    world.handlers[`GET ${REPORTS}/${name}`] = () => report([rows[name]]);
    world.open(`/admin/reports/${name}?user_id=${encodeURIComponent(forged("id"))}`);
    expect(await screen.findAllByRole("table")).not.toEqual([]);
    expectNothingTurned();
  },
);

it("shows them in what the server says", async () => {
  const world = forgedWorld();
  world.handlers["GET /api/admin/activity"] = () => refused(422, forged("refused"));
  world.open();
  expect(await screen.findByText(/^refused/)).toHaveTextContent("refusedU+202Enimda");
  expectNothingTurned();
});

it("isolates a text, so that what stands beside it keeps its order", async () => {
  const world = new World();
  world.page = list([
    activity(1, { user_display_name: "שרה", description: "שרה signed in", is_admin: true }),
  ]);
  await world.openLive();
  expect(screen.getByText("שרה").tagName).toBe("BDI");
});

it("reads a sentence from the left, also when a name in it is written from the right", async () => {
  const world = new World();
  world.page = list([activity(1, { description: "שרה signed in" })]);
  await world.openLive();
  expect(screen.getByText("שרה signed in")).toHaveAttribute("dir", "ltr");
});

it("names a user by what there is where a name is empty", async () => {
  const world = new World();
  world.page = list([activity(1, { user_display_name: "", user_email: "", description: "u-1 signed in" })]);
  await world.openLive();
  expect(screen.getByText("u-1")).toBeVisible();
});
