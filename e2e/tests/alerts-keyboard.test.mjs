// @ts-check
import assert from "node:assert/strict";
import { failedLogin } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { eventually } from "../harness/eventually.mjs";
import { scenario } from "../harness/scenario.mjs";

/** More than all that takes the focus. */
const STEPS = 80;

/** @param {import("playwright-core").Locator} element */
const hasFocus = (element) => element.evaluate((each) => each === document.activeElement);

/**
 * Goes to an element as a keyboard does.
 * @param {import("playwright-core").Locator} element
 */
async function tabTo(element) {
  await element.waitFor();
  for (let step = 0; step < STEPS; step += 1) {
    await element.page().keyboard.press("Tab");
    if (await hasFocus(element)) return;
  }
  assert.fail(`Tab does not lead to ${element}`);
}

/**
 * @param {import("playwright-core").Locator} element
 * @param {string} where
 */
const untilFocused = (element, where) =>
  eventually(async () => assert.ok(await hasFocus(element), `the focus is ${where}`));

scenario("an alert is opened, decided and closed without a mouse", async ({ server, browser }) => {
  await server.post(...Array.from({ length: 10 }, () => failedLogin()));
  const { page, drawer } = await Dashboard.signIn(await browser.newPage(), server);
  const { keyboard } = page;
  await page.goto(`${server.url}/alerts?rule=failed-sign-ins`);
  const row = page.locator("[data-row]").getByRole("button");
  await tabTo(row);
  await keyboard.press("Enter");
  await untilFocused(drawer, "in the alert");
  await tabTo(drawer.getByRole("textbox", { name: "Reason" }));
  await keyboard.type("a drill");
  await tabTo(drawer.getByRole("button", { name: "Acknowledge" }));
  await keyboard.press("Enter");
  await drawer.getByText("a drill").waitFor();
  await untilFocused(drawer.getByRole("group", { name: "Decide" }), "at what can be decided next");
  await tabTo(drawer.getByRole("button", { name: "Mute 1 h" }));
  await keyboard.press("Enter");
  await drawer.getByRole("button", { name: "End mute" }).waitFor();
  await tabTo(drawer.getByRole("link", { name: "Show all in the log" }));
  await keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
  await untilFocused(row, "on its row again");
});

scenario("a rule is tried, switched, written and deleted without a mouse", async ({ server, browser }) => {
  const { page, drawer } = await Dashboard.signIn(await browser.newPage(), server);
  const { keyboard } = page;
  browser.expectTrouble(/status of 422.*\/alert-rules/);
  await page.goto(`${server.url}/alerts/rules`);
  const rule = page.locator('[data-row="mass-delete"]');
  const onOff = rule.getByRole("switch");
  await tabTo(onOff);
  await keyboard.press("Space");
  await eventually(async () => assert.equal(await onOff.getAttribute("aria-checked"), "true"));
  assert.ok(await hasFocus(onOff), "the switch keeps the focus");
  await keyboard.press("Space");

  await tabTo(rule.getByRole("button", { name: /^Back-test/ }));
  await keyboard.press("Enter");
  await drawer.getByText("No alert").waitFor();
  await untilFocused(drawer, "in the rule");
  await keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
  await untilFocused(rule.locator("[data-opens]"), "on the row of the rule");

  const writes = page.getByRole("button", { name: "New rule" });
  await keyboard.press("Shift+Tab");
  await writes.focus();
  await keyboard.press("Enter");
  await untilFocused(drawer, "in the new rule");
  await keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
  await untilFocused(writes, "on the button again");

  await keyboard.press("Enter");
  await tabTo(drawer.getByRole("textbox", { name: "Definition, in TOML" }));
  await keyboard.press("Control+Home");
  await keyboard.type("x");
  const creates = drawer.getByRole("button", { name: "Create the rule" });
  await tabTo(creates);
  await keyboard.press("Enter");
  const fault = drawer.getByRole("button", { name: "Line 1" }).first();
  await fault.waitFor();
  assert.ok(await hasFocus(creates), "a refusal leaves the focus where it is");
  await tabTo(fault);
  await keyboard.press("Enter");
  await keyboard.press("Home");
  await keyboard.press("Delete");
  await tabTo(creates);
  await keyboard.press("Enter");
  await drawer.getByRole("heading", { name: "Many refused requests of one user" }).waitFor();
  await untilFocused(drawer, "in the rule that was made");

  await tabTo(drawer.getByRole("button", { name: "Delete the rule" }));
  await keyboard.press("Enter");
  await untilFocused(drawer.getByRole("button", { name: "Keep it" }), "on the safe answer");
  await tabTo(drawer.getByRole("button", { name: "Delete the rule" }));
  await keyboard.press("Enter");
  await drawer.waitFor({ state: "detached" });
  await page.locator('[data-row="many-refusals"]').waitFor({ state: "detached" });
  await untilFocused(writes, "on the button that makes a rule");
});
