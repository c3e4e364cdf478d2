// @ts-check
import assert from "node:assert/strict";
import { login } from "../harness/activities.mjs";
import { SIGNED_OUT } from "../harness/browser.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { scenario } from "../harness/scenario.mjs";

scenario(
  "a key that is made here writes, and writes nothing once it is revoked",
  async ({ server, browser }) => {
    await server.post(login());
    const { page } = await Dashboard.signIn(await browser.newPage(), server);
    await page.getByRole("link", { name: "Keys" }).click();
    await page.getByRole("button", { name: "New key" }).click();
    await page.getByRole("textbox", { name: "Name" }).fill("shop");
    await page.getByRole("button", { name: "Make the key" }).click();
    const secret = await page.getByRole("region", { name: "Key" }).textContent();
    await page.getByRole("button", { name: "Done" }).click();
    const write = () =>
      fetch(`${server.url}/api/activity`, {
        method: "POST",
        headers: { Authorization: `Bearer ${secret?.trim()}`, "Content-Type": "application/json" },
        body: JSON.stringify(login()),
      });
    assert.equal((await write()).status, 201);

    await page.getByRole("button", { name: "Revoke shop" }).click();
    await page.getByRole("dialog", { name: "Revoke a key" }).getByRole("button", { name: "Revoke" }).click();
    await page.getByRole("button", { name: "Revoke shop" }).waitFor({ state: "detached" });
    assert.equal((await write()).status, 401);
  },
);

scenario("one's own session can be ended, and one has to sign in again", async ({ server, browser }) => {
  browser.expectTrouble(SIGNED_OUT);
  await server.post(login());
  const { page } = await Dashboard.signIn(await browser.newPage(), server);
  await page.getByRole("link", { name: "Signed in" }).click();
  await page
    .getByRole("row", { name: /this one/ })
    .getByRole("button")
    .click();
  await page.getByRole("button", { name: "End it" }).click();
  await page.getByRole("heading", { name: "Sign in to Livetrail" }).waitFor();
});

scenario("the settings say what would be stored of details", async ({ server, browser }) => {
  await server.post(login());
  const { page } = await Dashboard.signIn(await browser.newPage(), server);
  await page.getByRole("link", { name: "Settings" }).click();
  const details = '{"id": 175928847299117063, "password": "hunter2"}';
  await page.getByRole("textbox", { name: "Details of an activity, as JSON" }).fill(details);
  await page.getByRole("button", { name: "Try" }).click();
  const stored = page.getByRole("region", { name: "What would be stored" });
  await stored.getByText('"password": "[redacted]"').waitFor();
  assert.match((await stored.textContent()) ?? "", /175928847299117063/);
});
