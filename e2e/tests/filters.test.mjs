// @ts-check
import assert from "node:assert/strict";
import { chatMessage, failedLogin, login } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { eventually } from "../harness/eventually.mjs";
import { scenario } from "../harness/scenario.mjs";

const FAILED_LOGINS = "action_filter=user_login&success_filter=failure";

scenario("filters are in the address, and the same address shows the same view elsewhere", async (world) => {
  const { server, browser } = world;
  const [, failure] = await server.post(login(), failedLogin(), chatMessage({ status_code: 500 }));
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { page, filters, result } = dashboard;

  await result.getByRole("button", { name: "Failed" }).click();
  await dashboard.untilCards({ Activities: "2", Failed: "2", Success: "0%" });
  await filters.getByRole("button", { name: "All actions" }).click();
  const panel = page.getByRole("dialog", { name: "Actions" });
  await panel.getByLabel("Find an action").fill("user_login");
  await panel.getByRole("checkbox").first().check();
  await page.keyboard.press("Escape");
  await dashboard.untilCards({ Activities: "1", Failed: "1" });
  assert.deepEqual(await dashboard.ids(), [failure]);
  await dashboard.untilAddress({ success_filter: "failure", action_filter: "user_login" });

  const other = new Dashboard(await browser.newPage());
  await other.page.goto(page.url());
  await other.untilCards({ Activities: "1", Failed: "1" });
  assert.deepEqual(await other.ids(), [failure]);
  await other.result.getByRole("button", { name: "Failed", pressed: true }).waitFor();
  await other.filters.getByRole("button", { name: "user_login" }).waitFor();
});

scenario("Back undoes one filter after the other, Forward sets them again", async ({ server, browser }) => {
  await server.post(login(), failedLogin(), chatMessage({ status_code: 500 }));
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { page, result } = dashboard;
  await dashboard.rowWith("send a chat message").waitFor();
  const everything = await dashboard.rows.count();

  await result.getByRole("button", { name: "Failed" }).click();
  await dashboard.untilCards({ Activities: "2" });
  await dashboard.rowWith("send a chat message").getByRole("button").click();
  await dashboard.drawer.getByRole("button", { name: "This action" }).click();
  await dashboard.untilCards({ Activities: "1" });

  await page.goBack();
  await dashboard.drawer.waitFor();
  await page.goBack();
  await dashboard.drawer.waitFor({ state: "detached" });
  await dashboard.untilCards({ Activities: "2" });
  assert.equal(await dashboard.rows.count(), 2);
  await page.goBack();
  await result.getByRole("button", { name: "All", pressed: true }).waitFor();
  await eventually(async () => assert.ok((await dashboard.rows.count()) >= everything));
  await page.goForward();
  await dashboard.untilCards({ Activities: "2" });
  assert.equal(await dashboard.rows.count(), 2);
});

scenario(
  "what does not match the filter does not enter, what does enters live",
  async ({ server, browser }) => {
    const [old] = await server.post(failedLogin());
    const dashboard = await Dashboard.signIn(await browser.newPage(), server);
    await dashboard.show(FAILED_LOGINS);
    await dashboard.row(old).waitFor();

    // The stream keeps the order: once the last one is there, the others would be.
    await server.post(login(), chatMessage(), chatMessage({ status_code: 500 }));
    const [match] = await server.post(failedLogin({ user_id: "milo" }));
    await dashboard.row(match).waitFor();
    assert.deepEqual(await dashboard.ids(), [match, old]);
    await dashboard.untilCards({ Activities: "2", Failed: "2" });
  },
);

scenario("what the former filter let in does not enter the next one", async ({ server, browser }) => {
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const field = dashboard.filters.getByLabel("User", { exact: true });
  // The streams of both filters are open for a moment, so it takes several changes to see one go wrong.
  for (const user of ["ada", "ben", "cleo", "dora", "eric", "fay", "gus", "hana"]) {
    await field.fill(user);
    await dashboard.untilAddress({ user_search: user });
    const [, id] = await server.post(login({ user_id: "somebody-else" }), login({ user_id: user }));
    // The row may be in the former list for a moment; the total of one is that of the new list.
    await dashboard.untilCards({ Activities: "1" });
    await dashboard.row(id).waitFor();
    assert.deepEqual(await dashboard.ids(), [id], `with ${user}`);
  }
});
