// @ts-check
import assert from "node:assert/strict";
import { everyLook, failedLogin } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { eventually } from "../harness/eventually.mjs";
import { scenario } from "../harness/scenario.mjs";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 };
const LONG = "a-name-without-any-place-to-break-it-".repeat(6);

scenario(
  "on a phone nothing has to be scrolled sideways, and filters, rows and details are at hand",
  async ({ server, browser }) => {
    await server.post(
      ...everyLook(),
      failedLogin({ user_id: LONG, error_message: LONG, endpoint: `/${LONG}` }),
    );
    const dashboard = await Dashboard.signIn(await browser.newPage(), server);
    const { page, field, drawer } = dashboard;
    await dashboard.rowWith(LONG).waitFor();
    assert.equal(await dashboard.overflow(), 0, "the page");

    await page.getByRole("button", { name: "Over time" }).tap();
    await dashboard.bars.last().waitFor();
    assert.equal(await dashboard.overflow(), 0, "with the histogram");
    await page.getByRole("button", { name: "Export" }).tap();
    const dialog = page.getByRole("dialog", { name: "Export" });
    await dialog.getByText("On the command line").tap();
    await dialog.getByRole("region", { name: "Command to export" }).waitFor();
    assert.equal(await dashboard.overflow(), 0, "with the export");
    assert.ok(
      await dialog.evaluate((element) => element.scrollWidth <= element.clientWidth),
      "the export itself",
    );
    await dialog.getByRole("button", { name: "Close" }).tap();

    await page.getByRole("button", { name: "Facets" }).tap();
    await page
      .getByRole("button", { name: /^Failed/ })
      .first()
      .waitFor();
    assert.equal(await dashboard.overflow(), 0, "with the facets");
    await page.getByRole("button", { name: "Facets" }).tap();
    await field.fill("action:");
    await page.getByRole("option").first().waitFor();
    assert.equal(await dashboard.overflow(), 0, "with the actions to choose from");

    await dashboard.enter("result:failed");
    await dashboard.untilCards({ Activities: "2" });
    await eventually(async () => assert.equal(await dashboard.rows.count(), 2));
    await dashboard.rowWith(LONG).getByRole("button").tap();
    await drawer.getByRole("heading", { name: "Origin" }).waitFor();
    assert.equal(await dashboard.overflow(), 0, "with an activity open");
    assert.ok(
      await drawer.evaluate((element) => element.scrollWidth <= element.clientWidth),
      "the activity itself",
    );
    await drawer.getByRole("button", { name: "Close" }).tap();
    await drawer.waitFor({ state: "detached" });
  },
  PHONE,
);

scenario(
  "on a small phone every page is reached from the menu, and none has to be scrolled sideways",
  async ({ server, browser }) => {
    const long = failedLogin({ user_id: LONG, endpoint: `/${LONG}`, session_id: LONG.slice(0, 100) });
    await server.post(...everyLook(), long, long);
    const dashboard = await Dashboard.signIn(await browser.newPage(), server);
    const { page } = dashboard;
    for (const [name, shown] of [
      ["Sign-in failures", "Failed sign-ins by user"],
      ["Endpoints", "Endpoints"],
      ["Admin audit", "Admin audit"],
      ["Sessions", "Sessions"],
      ["Keys", "API keys"],
      ["Signed in", "Signed in"],
      ["Settings", "Settings in force"],
    ]) {
      await page.getByRole("button", { name: "Pages" }).tap();
      await page.getByRole("link", { name, exact: true }).tap();
      await page.getByRole("list", { name: shown, exact: true }).waitFor();
      assert.equal(await dashboard.overflow(), 0, name);
    }
  },
  { ...PHONE, viewport: { width: 390, height: 667 } },
);
