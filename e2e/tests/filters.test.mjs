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
  const { page } = dashboard;

  await dashboard.enter("result:failed");
  await dashboard.untilCards({ Activities: "2", Failed: "2", Success: "0%" });
  await dashboard.field.fill("action:login");
  await page.getByRole("option", { name: /^action user_login/ }).click();
  await dashboard.untilCards({ Activities: "1", Failed: "1" });
  await dashboard.untilIds([failure]);
  await dashboard.untilAddress({ success_filter: "failure", action_filter: "user_login" });

  const other = new Dashboard(await browser.newPage());
  await other.page.goto(page.url());
  await other.untilCards({ Activities: "1", Failed: "1" });
  await other.untilIds([failure]);
  await other.token("result failed").waitFor();
  await other.token("action user_login").waitFor();
});

scenario("Back undoes one filter after the other, Forward sets them again", async ({ server, browser }) => {
  await server.post(login(), failedLogin(), chatMessage({ status_code: 500 }));
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { page } = dashboard;
  await dashboard.rowWith("send a chat message").waitFor();
  const everything = await dashboard.rows.count();

  await dashboard.enter("result:failed");
  await dashboard.untilCards({ Activities: "2" });
  await dashboard.rowWith("send a chat message").getByRole("button").click();
  await dashboard.drawer.getByRole("button", { name: "This action" }).click();
  await dashboard.untilCards({ Activities: "1" });

  await page.goBack();
  await dashboard.drawer.waitFor();
  await page.goBack();
  await dashboard.drawer.waitFor({ state: "detached" });
  await dashboard.untilCards({ Activities: "2" });
  await eventually(async () => assert.equal(await dashboard.rows.count(), 2));
  await page.goBack();
  await dashboard.token("result failed").waitFor({ state: "detached" });
  await eventually(async () => assert.ok((await dashboard.rows.count()) >= everything));
  await page.goForward();
  await dashboard.untilCards({ Activities: "2" });
  await eventually(async () => assert.equal(await dashboard.rows.count(), 2));
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
  // The streams of both filters are open for a moment, so it takes several changes to see one go wrong.
  for (const user of ["ada", "ben", "cleo", "dora", "eric", "fay", "gus", "hana"]) {
    if (user !== "ada") await dashboard.field.press("Backspace");
    await dashboard.enter(`who:${user}`);
    await dashboard.untilAddress({ user_search: user });
    const [, id] = await server.post(login({ user_id: "somebody-else" }), login({ user_id: user }));
    // Cards and rows come by requests of their own: the rows may be those of the former list for a moment.
    await dashboard.untilCards({ Activities: "1" });
    await dashboard.row(id).waitFor();
    await dashboard.untilIds([id], `with ${user}`);
  }
});

scenario("by the keyboard alone a filter is entered, changed and removed", async ({ server, browser }) => {
  const [login_, failure] = await server.post(login(), failedLogin());
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { keyboard } = dashboard.page;
  await keyboard.press("/");
  await keyboard.type("action:user_log");
  await dashboard.page.getByRole("option", { name: /^action user_login/, selected: true }).waitFor();
  await keyboard.press("Enter");
  await dashboard.token("action user_login").waitFor();
  await keyboard.type("-result:success");
  await keyboard.press("Enter");
  await dashboard.untilAddress({ action_filter: "user_login", success_filter: "failure" });
  await dashboard.row(login_).waitFor({ state: "detached" });
  await dashboard.untilIds([failure]);

  await keyboard.press("ArrowLeft");
  await keyboard.press("ArrowLeft");
  await keyboard.press("Enter");
  await keyboard.press("Backspace");
  await keyboard.press("Escape");
  await dashboard.token("result failed").waitFor();
  await keyboard.press("Backspace");
  await dashboard.untilAddress({ action_filter: null });
  await keyboard.press("Backspace");
  await dashboard.untilAddress({ success_filter: null });
});

scenario("what is pasted is what its shape says", async ({ server, browser }) => {
  const [here] = await server.post(
    login({ ip_address: "203.0.113.7", request_id: "req-41", session_id: "ses-9", endpoint: "/api/in" }),
    login({ ip_address: "198.51.100.1" }),
  );
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  for (const [text, name, value] of [
    ["203.0.113.0/24", "ip", "203.0.113.0/24"],
    ["req-41", "request_id", "req-41"],
    ["ses-9", "session_id", "ses-9"],
    ["/api/in", "endpoint", "/api/in"],
  ]) {
    await dashboard.field.focus();
    await dashboard.field.evaluate((field, pasted) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text", pasted);
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, text);
    await dashboard.untilAddress({ [name]: value });
    await dashboard.untilIds([here]);
    await dashboard.field.press("Backspace");
    await dashboard.untilAddress({ [name]: null });
  }
});
