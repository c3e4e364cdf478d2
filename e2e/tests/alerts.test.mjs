// @ts-check
import assert from "node:assert/strict";
import { failedLogin, login } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { eventually } from "../harness/eventually.mjs";
import { scenario } from "../harness/scenario.mjs";

const TITLE = "Many failed sign-ins of one user";
/** @param {string} user_id */
const attack = (user_id, count = 10) => Array.from({ length: count }, () => failedLogin({ user_id }));

/** @param {import("playwright-core").Page} page */
const alertRows = (page) => page.getByRole("table", { name: "Alerts" }).locator("[data-row]");

scenario("an attack announces itself beside the log, and is seen to", async ({ server, browser }) => {
  await server.key("writer");
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { page, drawer } = dashboard;
  const attempts = await server.post(...attack("milo"));
  const notice = page.getByRole("region", { name: "New alert" });
  await notice.locator("[data-notice]").getByText(TITLE).waitFor();
  await page.getByRole("link", { name: /^Alerts \d+ open$/ }).waitFor();

  await notice.getByRole("link", { name: "Show" }).click();
  await drawer.getByRole("heading", { name: TITLE }).waitFor();
  await drawer.getByText("10 or more activities of one user within 10 minutes.").waitFor();
  await drawer.getByText("raised it").waitFor();
  assert.equal(await drawer.getByRole("list").getByRole("link").count(), 10, "all of its activities");

  await drawer.getByRole("textbox", { name: "Reason" }).fill("a drill");
  await drawer.getByRole("button", { name: "Acknowledge" }).click();
  await drawer.getByText("a drill").waitFor();
  const row = alertRows(page).filter({ hasText: TITLE });
  await row.getByText("Acknowledged").waitFor();

  await drawer.getByRole("link", { name: "Show all in the log" }).click();
  await page.waitForURL(/\/admin\/activity\?/);
  await dashboard.untilLive();
  await eventually(async () => assert.deepEqual((await dashboard.ids()).toSorted(), attempts.toSorted()));
  await page.goBack();
  await drawer.getByText("a drill").waitFor();
});

scenario("an alert goes on in its row while the attack does", async ({ server, browser }) => {
  await server.post(...attack("milo"));
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { page } = dashboard;
  await page.getByRole("link", { name: /^Alerts/ }).click();
  await dashboard.untilLive();
  const row = alertRows(page).filter({ hasText: TITLE });
  await row.getByText("10", { exact: true }).waitFor();
  await row.getByText("ongoing").waitFor();
  await server.post(...attack("milo", 5));
  await row.getByText("15", { exact: true }).waitFor();
  await server.post(...attack("ada"));
  const other = row.filter({ hasText: "user ada" });
  await other.waitFor();
  assert.equal(await alertRows(page).filter({ hasText: "user milo" }).filter({ hasText: TITLE }).count(), 1);
});

scenario("two admins see what the other decides", async ({ server, browser }) => {
  await server.post(...attack("milo"));
  const first = await Dashboard.signIn(await browser.newPage(), server);
  const second = new Dashboard(await browser.newPage());
  for (const { page } of [first, second]) {
    await page.goto(`${server.url}/alerts?rule=failed-sign-ins`);
    await alertRows(page).first().waitFor();
  }
  await first.untilLive();
  await second.untilLive();
  await alertRows(first.page).getByRole("button").click();
  await first.drawer.getByRole("button", { name: "Resolve" }).click();
  await alertRows(second.page).getByText("Resolved").waitFor();
});

scenario("a rule is tried on the past, written, switched on, and finds what it looks for", async (world) => {
  const { server, browser } = world;
  await server.post(
    ...Array.from({ length: 25 }, () => login({ status_code: 403, success: false, user_id: "ada" })),
  );
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { page, drawer } = dashboard;
  await page.goto(`${server.url}/alerts/rules`);
  await dashboard.untilLive();
  browser.expectTrouble(/status of 422.*\/alert-rules/);
  await page.getByRole("button", { name: "New rule" }).click();
  const text = drawer.getByRole("textbox", { name: "Definition, in TOML" });
  const rule = await text.inputValue();
  await text.fill(rule.replace("group_by", "group_bi"));
  await drawer.getByRole("button", { name: "Create the rule" }).click();
  await drawer.getByRole("button", { name: "Line 4" }).waitFor();

  await text.fill(rule);
  await drawer.getByRole("button", { name: "Back-test" }).click();
  await drawer.getByText("1 alert", { exact: true }).waitFor();
  await drawer.getByRole("row", { name: /user ada 1 / }).waitFor();
  await drawer.getByRole("checkbox", { name: "Switch it on at once" }).check();
  await drawer.getByRole("button", { name: "Create the rule" }).click();
  await drawer.getByRole("heading", { name: "Many refused requests of one user" }).waitFor();
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });

  await server.post(...Array.from({ length: 20 }, () => login({ status_code: 403, user_id: "milo" })));
  const row = page.getByRole("list", { name: "Rules" }).locator('[data-row="many-refusals"]');
  await row.getByRole("link", { name: "1 open" }).click();
  await alertRows(page).filter({ hasText: "user milo" }).waitFor();
});
