// @ts-check
import assert from "node:assert/strict";
import { failedLogin, login } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { scenario } from "../harness/scenario.mjs";

scenario("an empty log shows how to fill it, and turns into the table when it is", async (world) => {
  const { server, browser } = world;
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const welcome = dashboard.page.getByRole("region", { name: "Send your first activity" });
  await welcome.getByText("Listening for the first activity…").waitFor();
  assert.match((await welcome.textContent()) ?? "", new RegExp(`curl ${server.url}/api/activity`));

  const [id] = await server.post(login());
  await dashboard.row(id).waitFor();
  await dashboard.table.waitFor();
  await welcome.waitFor({ state: "detached" });
});

scenario("the command that an empty log shows works as it stands", async ({ server, browser }) => {
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const command = (await dashboard.page.getByText(/^curl /).textContent()) ?? "";
  await server.shell(command, { LIVETRAIL_KEY: await server.key("writer") });
  await dashboard.rowWith("ada signed in").waitFor();
});

scenario("a key that one click makes is in the code, which becomes the first activity", async (world) => {
  const { server, browser } = world;
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { page } = dashboard;
  const welcome = page.getByRole("region", { name: "Send your first activity" });
  await welcome.getByRole("button", { name: "Make a key" }).click();
  await welcome.getByText("It may only write").waitFor();
  for (const [language, mark] of [
    ["Rust", /^fn main/],
    ["Python", /^import json/],
    ["TypeScript", /^const answer = await fetch/],
  ]) {
    await welcome.getByRole("button", { name: String(language) }).click();
    const code = (await welcome.getByText(mark).textContent()) ?? "";
    assert.ok(code.includes(`${server.url}/api/activity`) && !code.includes("YOUR-KEY"), code);
  }
  const script = (await welcome.getByText(/^const answer/).textContent()) ?? "";
  await server.shell('node --input-type=module -e "$CODE"', { CODE: script });
  await dashboard.rowWith("ada signed in").waitFor();
  await welcome.waitFor({ state: "detached" });
});

scenario("where nothing matches, the filters can be cleared, and what matches later comes", async (world) => {
  const { server, browser } = world;
  const [id] = await server.post(login());
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  await dashboard.show("success_filter=failure");
  const nothing = dashboard.page.getByRole("heading", { name: "No activity matches this filter" });
  await nothing.waitFor();
  await dashboard.page.getByRole("button", { name: "Clear filters" }).click();
  await dashboard.row(id).waitFor();
  await dashboard.untilAddress({ success_filter: null });

  await dashboard.page.goBack();
  await nothing.waitFor();
  const [failure] = await server.post(failedLogin());
  await dashboard.row(failure).waitFor();
  assert.deepEqual(await dashboard.ids(), [failure]);
});
