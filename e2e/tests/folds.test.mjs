// @ts-check
import assert from "node:assert/strict";
import { chatMessage, failedLogin, login } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { eventually } from "../harness/eventually.mjs";
import { scenario } from "../harness/scenario.mjs";

scenario("an attack is one row, which the keyboard unfolds and folds", async ({ server, browser }) => {
  const guess = (/** @type {number} */ index) =>
    failedLogin({ user_id: `user-${index % 40}`, ip_address: `198.51.100.${index % 3}` });
  await server.post(login());
  const ids = await server.post(...Array.from({ length: 45 }, (_, index) => guess(index)));
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { page } = dashboard;
  await page.evaluate(() => localStorage.setItem("livetrail.folding", "true"));
  await dashboard.show("action_filter=user_login");
  await dashboard.rowWith("failed sign-ins on 40 users").waitFor();
  assert.deepEqual([await dashboard.rows.count(), await dashboard.row(ids[44]).count()], [2, 1]);

  await page.keyboard.press("j");
  await page.keyboard.press("ArrowRight");
  await eventually(async () => assert.equal(await dashboard.rows.count(), 46));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowLeft");
  await eventually(async () => assert.equal(await dashboard.rows.count(), 2));
  const focused = () => page.evaluate(() => document.activeElement?.closest("tr")?.dataset.activity);
  await eventually(async () => assert.equal(await focused(), ids[44]));
});

scenario("an endless list reads on, and draws what is in sight", async ({ server, browser }) => {
  for (let part = 0; part < 3; part += 1) {
    await server.post(
      ...Array.from({ length: 90 }, (_, index) => chatMessage({ user_id: `u-${part}-${index}` })),
    );
  }
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { page } = dashboard;
  await dashboard.show("action_filter=chat_message");
  await page.getByRole("combobox", { name: "Rows per page" }).selectOption("Endless");
  await eventually(async () => {
    await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight));
    await dashboard.rowWith("u-0-0 ").waitFor({ timeout: 2_000 });
  }, 60_000);
  assert.equal(await dashboard.table.getAttribute("aria-rowcount"), "271");
  assert.ok((await dashboard.rows.count()) < 100, "only what is in sight is drawn");
});
