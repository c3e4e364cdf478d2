// @ts-check
import assert from "node:assert/strict";
import axe from "axe-core";
import { chatMessage, failedLogin, login } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { eventually } from "../harness/eventually.mjs";
import { scenario } from "../harness/scenario.mjs";

const HOUR = 3_600;
/** A name that an address, a filter and a reader might each take for something else. */
const HOSTILE = "a/b,!c%2F\u202Egpj";

scenario(
  "a person's page says when, how much failed, from where, and what nothing happened in",
  async (world) => {
    const { server, browser } = world;
    const now = Math.floor(Date.now() / 1_000);
    const session = { session_id: "s-1", user_id: HOSTILE };
    await server.post(
      login({ ...session, timestamp: now - 3 * HOUR }),
      failedLogin({ ...session, timestamp: now - HOUR, ip_address: "198.51.100.4" }),
      chatMessage({ ...session, timestamp: now - HOUR + 5 }),
      login({ user_id: "robin", is_admin: true, action_type: "user_suspended", target_user_id: HOSTILE }),
    );
    const { page } = await Dashboard.signIn(await browser.newPage(), server);
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "People" }).click();
    const people = page.getByRole("table", { name: "People" });
    await people.getByRole("row").filter({ hasText: "U+202E" }).getByRole("link").click();

    await page.getByRole("heading", { level: 2 }).filter({ hasText: "a/b,!c%2F" }).waitFor();
    const steps = page.getByRole("list", { name: "Activities", exact: true });
    await steps.getByText("2 h 0 min nothing").waitFor();
    await page
      .getByRole("list", { name: "Networks" })
      .getByRole("link", { name: "198.51.100.0/24" })
      .waitFor();
    await page.getByRole("button", { name: "Was done to" }).click();
    await eventually(async () => assert.equal(await steps.getByRole("link").count(), 1));
    await page.reload();
    await eventually(async () =>
      assert.equal(await steps.getByRole("link").count(), 1, "the address says which part"),
    );

    await page.getByRole("button", { name: "Did" }).click();
    await page.getByRole("link", { name: "Open in the log" }).click();
    await eventually(async () => assert.equal(await page.locator("[data-activity]").count(), 3));
  },
);

scenario("admins' sessions have their activities folded under them", async ({ server, browser }) => {
  await server.post(
    login({ user_id: "robin", is_admin: true, session_id: "s-admin" }),
    failedLogin({ user_id: "robin", is_admin: true, session_id: "s-admin" }),
    login({ session_id: "s-user" }),
  );
  const { page } = await Dashboard.signIn(await browser.newPage(), server);
  await page.goto(new URL("/admin/sessions", page.url()).href);
  const sessions = page.getByRole("table", { name: "Sessions" });
  await sessions.getByRole("link", { name: "s-user" }).waitFor();
  await page.getByRole("button", { name: "Admins" }).click();
  await sessions.getByRole("link", { name: "s-user" }).waitFor({ state: "detached" });
  const fold = sessions.getByRole("button", { name: "Activities of session s-admin" });
  await fold.focus();
  await page.keyboard.press("Enter");
  const steps = sessions.getByRole("list", { name: "Activities", exact: true });
  await eventually(async () => assert.equal(await steps.getByRole("link").count(), 2));
  await sessions.getByRole("link", { name: "s-admin" }).click();
  await page.getByRole("heading", { level: 2, name: "s-admin" }).waitFor();
});

scenario("a network has a page that leads to the people who came from it", async ({ server, browser }) => {
  await server.post(login(), failedLogin({ user_id: "milo" }), login({ ip_address: null }));
  const { page } = await Dashboard.signIn(await browser.newPage(), server);
  await page.goto(new URL("/admin/networks", page.url()).href);
  await page.getByRole("link", { name: "203.0.113.0/24" }).click();
  await page.getByRole("list", { name: "People" }).getByRole("link", { name: "milo" }).click();
  await page.getByRole("heading", { level: 2, name: "milo" }).waitFor();
  await page.goBack();
  await page.getByRole("heading", { level: 2, name: "203.0.113.0/24" }).waitFor();
});

const PATHS = [
  "/admin/people",
  "/admin/people/ada",
  "/admin/people/nobody",
  "/admin/sessions",
  "/admin/sessions/s-1",
  "/admin/networks",
  "/admin/networks/203.0.113.0%2F24",
  "/admin/resources/document/d-1",
];

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  scenario(
    `the pages are accessible and fit on a phone (${colorScheme})`,
    async ({ server, browser }) => {
      const [first] = await server.post(
        failedLogin({ session_id: "s-1", resource_type: "document", target_resource_id: "d-1" }),
        login({ user_id: HOSTILE, session_id: "s".repeat(200) }),
      );
      assert.ok(first);
      const dashboard = await Dashboard.signIn(await browser.newPage(), server);
      const { page } = dashboard;
      for (const path of PATHS) {
        await page.goto(`${server.url}${path}`);
        await page.getByRole("button", { name: "Refresh" }).and(page.locator(":enabled")).waitFor();
        await page.locator("main :is(h2, table, ul)").first().waitFor();
        await page.evaluate(axe.source);
        const violations = await page.evaluate(async () => {
          const found = await /** @type {any} */ (window).axe.run();
          return found.violations.map((/** @type {any} */ one) => [one.id, one.nodes[0]?.html]);
        });
        assert.deepEqual(violations, [], path);
        assert.equal(await dashboard.overflow(), 0, path);
      }
    },
    { viewport: { width: 390, height: 844 }, colorScheme, reducedMotion: "reduce" },
  );
}
