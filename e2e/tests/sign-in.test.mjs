// @ts-check
import assert from "node:assert/strict";
import { SIGNED_OUT } from "../harness/browser.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { scenario } from "../harness/scenario.mjs";

scenario(
  "a sign-in link works once, leaves the address, and says so clearly the second time",
  async (world) => {
    const { server, browser } = world;
    // A page that is not signed in learns it by asking; the browser reports each such answer as an error.
    browser.expectTrouble(SIGNED_OUT);
    const link = await server.link();
    const page = await browser.newPage();
    const dashboard = new Dashboard(page);
    await page.goto(link);
    await dashboard.untilLive();
    assert.ok(link.includes("#token="), "the token is where servers and proxies never see it");
    assert.ok(!page.url().includes("token"), "the token has left the address");

    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { name: "Sign in to Livetrail" }).waitFor();
    await page.goto(link);
    await page
      .getByRole("alert")
      .getByText("This sign-in link has been used already or has expired.")
      .waitFor();

    await page.reload();
    await page.getByRole("heading", { name: "Sign in to Livetrail" }).waitFor();
    assert.equal(await page.getByRole("alert").count(), 0, "nothing was wrong this time");
  },
);

scenario(
  "whoever is signed out can paste a link, and learns when it is none",
  async ({ server, browser }) => {
    browser.expectTrouble(SIGNED_OUT);
    const page = await browser.newPage();
    await page.goto(`${server.url}/admin/activity?success_filter=failure`);
    const field = page.getByLabel("Sign-in link or token");
    await field.fill("not a link");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("That is neither a sign-in link nor a token.").waitFor();

    await field.fill(await server.link());
    await page.getByRole("button", { name: "Sign in" }).click();
    const dashboard = new Dashboard(page);
    await dashboard.untilLive();
    await dashboard.token("result failed").waitFor();
  },
);

scenario("whoever is signed in stays so in the next page, until signing out", async ({ server, browser }) => {
  browser.expectTrouble(SIGNED_OUT);
  const first = await Dashboard.signIn(await browser.newPage(), server);
  const second = new Dashboard(await browser.newPage());
  await second.page.goto(`${server.url}/`);
  await second.untilLive();
  await second.page.getByRole("button", { name: "Sign out" }).click();
  await second.page.getByRole("heading", { name: "Sign in to Livetrail" }).waitFor();
  await first.page.reload();
  await first.page.getByRole("heading", { name: "Sign in to Livetrail" }).waitFor();
});
