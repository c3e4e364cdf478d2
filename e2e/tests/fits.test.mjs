// @ts-check
/** Texts in other languages are longer than in English. The page has room for them. */
import assert from "node:assert/strict";
import { failedLogin, login } from "../harness/activities.mjs";
import { cutTexts } from "../harness/cut-texts.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { eventually } from "../harness/eventually.mjs";
import { scenario } from "../harness/scenario.mjs";

const LANGUAGES = /** @type {const} */ (["da", "de", "es"]);
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 390, height: 844 };
/** Those whose titles are long. */
const ACTIONS = [
  "document_status",
  "admin_view_activity_logs",
  "admin_update_feedback_status",
  "two_factor_disabled",
];
/** What stands in a row of these, and the page around them, is not cut in the words of the page. */
const PAGES = [
  "/admin/people",
  "/admin/resources",
  "/admin/reports/failed_sign_ins",
  "/admin/settings",
  "/alerts/rules",
];

const activities = () => [
  ...ACTIONS.map((action_type) =>
    login({ action_type, resource_type: "document", target_resource_id: "d-1" }),
  ),
  ...Array.from({ length: 10 }, () => failedLogin()),
];

for (const locale of LANGUAGES) {
  scenario(
    `on a wide screen, titles of facets, actions, columns and alerts are whole, ${locale}`,
    async ({ server, browser }) => {
      await server.post(...activities());
      const { page } = await Dashboard.signIn(await browser.newPage(), server);
      const rail = page.locator("aside section li").first();
      await rail.waitFor();
      assert.deepEqual(await cutTexts(page, "aside section"), []);
      await page.goto(`${server.url}/admin/settings`);
      await page.getByRole("link", { name: ACTIONS[0] }).waitFor();
      assert.deepEqual(await cutTexts(page, "nav, th, td"), []);
      await page.goto(`${server.url}/alerts`);
      await page.locator("[data-row]").first().waitFor();
      assert.deepEqual(await cutTexts(page, "nav, th, td"), []);
    },
    { locale, viewport: WIDE },
  );

  scenario(
    `on a narrow screen, no text is cut and no page is wider than it, ${locale}`,
    async ({ server, browser }) => {
      await server.post(...activities());
      const dashboard = await Dashboard.signIn(await browser.newPage(), server);
      for (const path of PAGES) {
        await dashboard.page.goto(server.url + path);
        await dashboard.page.locator("main li").first().waitFor();
        await eventually(async () => assert.deepEqual(await cutTexts(dashboard.page, "main"), [], path));
        assert.equal(await dashboard.overflow(), 0, path);
      }
    },
    { locale, viewport: NARROW },
  );
}
