// @ts-check
import assert from "node:assert/strict";
import { chatMessage, failedLogin, login } from "../harness/activities.mjs";
import { NOT_THERE } from "../harness/browser.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { scenario } from "../harness/scenario.mjs";

/** @param {Dashboard} dashboard */
const viewsOf = ({ page }) => page.getByRole("list", { name: "Views" });

/**
 * @param {Dashboard} dashboard
 * @param {string} name
 * @param {string[]} boxes that are ticked
 */
async function save({ page }, name, ...boxes) {
  await page.getByRole("button", { name: "Save view…" }).click();
  const dialog = page.getByRole("dialog", { name: "Save view" });
  await dialog.getByLabel("Name").fill(name);
  for (const box of boxes) await dialog.getByLabel(box).check();
  await dialog.getByRole("button", { name: "Save" }).click();
  await dialog.waitFor({ state: "detached" });
}

scenario(
  "a view is saved, opened from anywhere, and is there after a restart",
  async ({ server, browser }) => {
    const [failure] = await server.post(failedLogin(), login(), chatMessage());
    const dashboard = await Dashboard.signIn(await browser.newPage(), server);
    const views = viewsOf(dashboard);
    await dashboard.show("success_filter=failure");
    await dashboard.untilIds([failure]);
    await save(dashboard, "What failed");
    const link = views.getByRole("link", { name: /^What failed/ });
    await link.waitFor();
    assert.equal(await link.getAttribute("aria-current"), "true");
    await dashboard.show("");
    assert.equal(await link.getAttribute("aria-current"), null);
    await link.click();
    await dashboard.untilAddress({ success_filter: "failure" });
    await dashboard.untilIds([failure]);
    await views.getByRole("link", { name: /^Failed sign-ins/ }).click();
    await dashboard.untilIds([failure]);

    browser.expectTrouble(NOT_THERE);
    await server.stop();
    await server.restart();
    await dashboard.page.reload();
    await link.waitFor();
  },
);

scenario("a default view opens in place of the whole log, and not in place of a link", async (world) => {
  const { server, browser } = world;
  await server.post(failedLogin(), login());
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  await dashboard.show("success_filter=failure");
  await save(dashboard, "Mine", "Open Livetrail with this view");
  await viewsOf(dashboard).getByLabel("Default").waitFor();
  await dashboard.show("");
  await dashboard.untilAddress({ success_filter: "failure" });
  await dashboard.show("success_filter=success");
  await dashboard.untilAddress({ success_filter: "success" });
});

scenario("a view with a hostile name is drawn as text, and is removed by the keyboard", async (world) => {
  const { server, browser } = world;
  await server.post(login());
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { page } = dashboard;
  await save(dashboard, "<img src=x onerror=document.title='taken'> \u202egnp.exe");
  const views = viewsOf(dashboard);
  await views.getByText("U+202E").waitFor();
  assert.notEqual(await page.title(), "taken");
  await views.getByRole("link", { name: /^<img/ }).focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Edit view" });
  await dialog.getByRole("button", { name: "Remove" }).focus();
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  await views.getByText("U+202E").waitFor({ state: "detached" });
});
