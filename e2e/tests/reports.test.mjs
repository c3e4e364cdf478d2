// @ts-check
import assert from "node:assert/strict";
import { failedLogin, login } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { eventually } from "../harness/eventually.mjs";
import { scenario } from "../harness/scenario.mjs";

scenario("a report leads to the activities that it counts, and Back to the report", async (world) => {
  const { server, browser } = world;
  const attempts = await server.post(failedLogin(), failedLogin(), failedLogin());
  await server.post(login(), failedLogin({ ip_address: "198.51.100.4" }), failedLogin({ user_id: "milo" }));
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { page } = dashboard;
  await page.getByRole("button", { name: "Reports" }).click();
  const reports = page.getByRole("dialog", { name: "Reports" });
  const rows = reports.getByRole("table", { name: "Failed logins" }).getByRole("row");
  await eventually(async () => assert.equal(await rows.count(), 2, "the head, and who failed often enough"));
  await rows.nth(1).getByText("3", { exact: true }).waitFor();

  await rows.nth(1).click();
  await reports.waitFor({ state: "detached" });
  await dashboard.untilCards({ Activities: "3", Failed: "3" });
  assert.deepEqual((await dashboard.ids()).toSorted(), attempts.toSorted());

  await page.goBack();
  await reports.waitFor();
  await reports.getByRole("button", { name: "Endpoints" }).click();
  await reports.getByRole("cell", { name: "/login" }).waitFor();
  await page.keyboard.press("Escape");
  await reports.waitFor({ state: "detached" });
});
