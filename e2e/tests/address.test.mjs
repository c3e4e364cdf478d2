// @ts-check
import assert from "node:assert/strict";
import { failedLogin, login } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { scenario } from "../harness/scenario.mjs";

scenario("an address that cannot be read shows the log and names what it leaves out", async (world) => {
  const { server, browser } = world;
  const [id] = await server.post(login());
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { page } = dashboard;
  await dashboard.show("date_from=99999999999999&user_id=ada&colour=red");
  await dashboard.untilIds([id]);
  const notice = page.getByRole("alert");
  assert.deepEqual(await notice.getByRole("listitem").allTextContents(), [
    "date_from=99999999999999 cannot be read.",
    "colour=red is not a parameter of this page.",
  ]);
  await notice.getByRole("button", { name: "Remove from the address" }).click();
  await dashboard.untilAddress({ date_from: null, colour: null, user_id: "ada" });
  await notice.waitFor({ state: "detached" });
  await dashboard.untilIds([id]);
});

scenario("every filter of the API narrows the log, also without a control of its own", async (world) => {
  const { server, browser } = world;
  const [failed] = await server.post(failedLogin({ request_id: "r-1" }), login({ request_id: "r-2" }));
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  for (const query of ["status=4xx", "request_id=r-1"]) {
    await dashboard.show(`${query}&user_search=ada`);
    await dashboard.untilIds([failed], query);
  }
  assert.equal(await dashboard.page.getByRole("alert").count(), 0);
});

scenario("a link has several values and exclusions, as the API does", async ({ server, browser }) => {
  const [ada, milo, robin] = await server.post(
    login(),
    login({ user_id: "milo" }),
    login({ user_id: "robin, the !first" }),
  );
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  await dashboard.show("user_id=ada,milo");
  await dashboard.untilIds([milo, ada]);
  await dashboard.token("user ada or milo").waitFor();
  await dashboard.show("user_id=!ada,!milo&action_filter=user_login");
  await dashboard.untilIds([robin]);
  await dashboard.token("user not ada or milo").waitFor();

  await dashboard.row(robin).getByRole("button").click();
  await dashboard.drawer.getByRole("button", { name: "This user" }).click();
  await dashboard.token("user robin, the !first").waitFor();
  await dashboard.drawer.waitFor({ state: "detached" });
  await dashboard.untilIds([robin]);
});
