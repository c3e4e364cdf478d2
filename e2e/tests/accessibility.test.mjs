// @ts-check
import assert from "node:assert/strict";
import { everyLook, failedLogin } from "../harness/activities.mjs";
import { assertNoViolations } from "../harness/axe.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { scenario } from "../harness/scenario.mjs";

const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };
/** @typedef {{ colorScheme: "light" | "dark", viewport: typeof WIDE }} Look */
/** @type {Look[]} */
const LOOKS = [
  { colorScheme: "light", viewport: WIDE },
  { colorScheme: "dark", viewport: NARROW },
  { colorScheme: "light", viewport: NARROW },
  { colorScheme: "dark", viewport: WIDE },
];
/** Each theme and each width once. Colours that depend on both are those of the log, which is seen in all four looks. */
const EACH_ONCE = LOOKS.slice(0, 2);

for (const { colorScheme, viewport } of LOOKS) {
  scenario(
    `axe finds nothing in the page, its histogram, the export and an open activity, ${colorScheme}, ${viewport.width} wide`,
    async ({ server, browser }) => {
      const ids = await server.post(failedLogin(), failedLogin(), failedLogin(), ...everyLook());
      const dashboard = await Dashboard.signIn(await browser.newPage(), server);
      await dashboard.row(ids[8]).waitFor();
      if (viewport.width < 768) await dashboard.page.getByRole("button", { name: "Over time" }).click();
      await dashboard.histogram.focus();
      await assertNoViolations(dashboard.page);

      await dashboard.page.getByRole("button", { name: "Export" }).click();
      const dialog = dashboard.page.getByRole("dialog", { name: "Export" });
      await dialog.getByText("On the command line").click();
      await dialog.getByRole("region", { name: "Command to export" }).waitFor();
      await assertNoViolations(dashboard.page);
      await dashboard.page.keyboard.press("Escape");
      await dialog.waitFor({ state: "detached" });

      await dashboard.row(ids[8]).getByRole("button").click();
      await dashboard.drawer.getByRole("heading", { name: "Changes" }).waitFor();
      await assertNoViolations(dashboard.page);
    },
    // Halfway through a fade the contrast says nothing.
    { colorScheme, viewport, reducedMotion: "reduce" },
  );
}

/** Each page that is not the log or about alerts, and what it shows once it is read. */
const PAGES = [
  ["reports/failed_sign_ins", "Failed sign-ins by user and network"],
  ["reports/failed_logins", "Repeated failures"],
  ["reports/admin_audit", "Admin audit"],
  ["reports/endpoint_performance", "Endpoints"],
  ["reports/recent_activity?user_id=ada", "Recent activity"],
  ["resources", "Resources"],
  ["keys", "API keys"],
  ["sign-ins", "Signed in"],
  ["settings", "Action catalogue"],
];

for (const { colorScheme, viewport } of EACH_ONCE) {
  scenario(
    `axe finds nothing in the pages beside the log, ${colorScheme}, ${viewport.width} wide`,
    async ({ server, browser }) => {
      await server.post(failedLogin(), failedLogin(), failedLogin(), ...everyLook());
      const { page } = await Dashboard.signIn(await browser.newPage(), server);
      for (const [path, name] of PAGES) {
        await page.goto(`${server.url}/admin/${path}`);
        // A table, or on a narrow screen a list.
        await page.locator(`table[aria-label="${name}"], ul[aria-label="${name}"]`).waitFor();
        await assertNoViolations(page);
      }
    },
    { colorScheme, viewport, reducedMotion: "reduce" },
  );
}

for (const { colorScheme, viewport } of EACH_ONCE) {
  scenario(
    `axe finds nothing in the alerts, an open one, the rules and one that is written, ${colorScheme}, ${viewport.width} wide`,
    async ({ server, browser }) => {
      await server.post(...Array.from({ length: 10 }, () => failedLogin()));
      const dashboard = await Dashboard.signIn(await browser.newPage(), server);
      const { page, drawer } = dashboard;
      await page.goto(`${server.url}/alerts?rule=failed-sign-ins`);
      await page.locator("[data-row]").first().waitFor();
      await assertNoViolations(page);
      assert.equal(await dashboard.overflow(), 0, "the alerts");

      await page.locator("[data-row]").getByRole("button").click();
      await drawer.getByText("raised it").waitFor();
      await drawer.getByRole("listbox", { name: "Activities over time" }).waitFor();
      await assertNoViolations(page);
      assert.equal(await dashboard.overflow(), 0, "with an alert open");

      await page.goto(`${server.url}/alerts/rules`);
      await page.locator("[data-row]").first().waitFor();
      await assertNoViolations(page);
      assert.equal(await dashboard.overflow(), 0, "the rules");

      await page.goto(`${server.url}/alerts/rules?open=failed-sign-ins&mode=edit`);
      await drawer.getByRole("button", { name: "Back-test" }).click();
      await drawer.getByText("1 alert", { exact: true }).waitFor();
      await assertNoViolations(page);
      assert.equal(await dashboard.overflow(), 0, "with a rule that is written");
    },
    { colorScheme, viewport, reducedMotion: "reduce" },
  );
}

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  scenario(
    `axe finds nothing while the statistics are on their way, nor where they cannot be had, ${colorScheme}`,
    async ({ server, browser }) => {
      browser.expectTrouble(/status of 503.*\/stats/);
      const [id] = await server.post(failedLogin());
      const dashboard = await Dashboard.signIn(await browser.newPage(), server);
      /** @type {(value?: unknown) => void} */
      let fail = () => undefined;
      const failed = new Promise((resolve) => {
        fail = resolve;
      });
      await dashboard.page.route("**/api/admin/activity/stats*", async (route) => {
        await failed;
        await route.fulfill({ status: 503, contentType: "application/problem+json", body: "{}" });
      });
      await dashboard.show("action_filter=user_login");
      await dashboard.row(id).waitFor();
      assert.equal(await dashboard.cards.getAttribute("aria-busy"), "true");
      await assertNoViolations(dashboard.page);

      fail();
      await dashboard.page.getByRole("alert").getByText("Not counted").waitFor();
      await assertNoViolations(dashboard.page);
    },
    { colorScheme, reducedMotion: "reduce" },
  );
}
