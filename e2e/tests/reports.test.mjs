// @ts-check
import assert from "node:assert/strict";
import { failedLogin, login } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { eventually } from "../harness/eventually.mjs";
import { scenario } from "../harness/scenario.mjs";

scenario(
  "one click says who failed to sign in and from which networks, and leads to the attempts",
  async (world) => {
    const { server, browser } = world;
    const attempts = await server.post(failedLogin(), failedLogin(), failedLogin());
    const sprayed = Array.from({ length: 6 }, (_, n) =>
      failedLogin({ user_id: `user-${n}`, ip_address: `198.51.100.${n}` }),
    );
    await server.post(login(), ...sprayed);
    const dashboard = await Dashboard.signIn(await browser.newPage(), server);
    const { page } = dashboard;
    await page.getByRole("link", { name: "Sign-in failures" }).click();
    /** @param {string} name */
    const table = (name) => page.getByRole("table", { name: `Failed sign-ins ${name}`, exact: true });
    const networks = table("by network").getByRole("row");
    await eventually(async () => assert.equal(await networks.count(), 3, "the head and two networks"));
    await networks.nth(1).getByText("198.51.100.0/24").waitFor();
    await networks.nth(1).getByText("spraying?").waitFor();
    const users = table("by user").getByRole("row");
    await eventually(async () => assert.equal(await users.count(), 8, "the head and seven users"));

    await networks.nth(2).getByRole("link").click();
    await dashboard.untilCards({ Activities: "3", Failed: "3" });
    await eventually(async () => assert.deepEqual((await dashboard.ids()).toSorted(), attempts.toSorted()));
    await page.goBack();
    await table("by user and network").getByRole("link", { name: "user-0" }).waitFor();
  },
);

scenario("a report is a file of the same rows", async ({ server, browser }) => {
  await server.post(login(), login());
  const { page } = await Dashboard.signIn(await browser.newPage(), server);
  await page.goto(`${server.url}/admin/reports/endpoint_performance`);
  await page.getByRole("link", { name: "/login", exact: true }).waitFor();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "CSV" }).click(),
  ]);
  assert.match(file.suggestedFilename(), /^livetrail-endpoint_performance.*\.csv$/);
});
