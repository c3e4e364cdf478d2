// @ts-check
import assert from "node:assert/strict";
import { chatMessage, failedLogin, login } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { eventually } from "../harness/eventually.mjs";
import { scenario } from "../harness/scenario.mjs";

/** More than a page of failures, each with a duration of its own, between others that do not match. */
const activities = () =>
  Array.from({ length: 25 }, (_, n) => [failedLogin({ duration_ms: 10 + n }), login(), chatMessage()]).flat();

/** @param {string} line of CSV, in which some cells are quoted */
const cellsOf = (line) => [...line.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,]*)/g)].map(([, cell]) => cell);

/** @param {Dashboard} dashboard */
const dialogOf = (dashboard) => dashboard.page.getByRole("dialog", { name: "Export" });

scenario(
  "an export has the filter and the order of the list, and every page",
  async ({ server, browser }) => {
    await server.post(...activities());
    const dashboard = await Dashboard.signIn(await browser.newPage(), server);
    const view = "success_filter=failure&sort_by=duration_ms&sort_order=asc";
    await dashboard.show(`${view}&limit=20&page=2`);
    await eventually(async () => assert.equal(await dashboard.rows.count(), 5));
    const { data } = await server.list(`${view}&limit=100`);
    const expected = data.map(({ id }) => id);
    assert.equal(expected.length, 25);

    const csv = await dashboard.export("CSV");
    assert.match(csv.name, /^livetrail-activity-.+\.csv$/);
    const [heading = "", ...rows] = csv.lines;
    const column = heading.split(",").indexOf("id");
    assert.deepEqual(
      rows.map((row) => cellsOf(row)[column]),
      expected,
    );

    const ndjson = await dashboard.export("NDJSON");
    assert.match(ndjson.name, /\.ndjson$/);
    assert.deepEqual(
      ndjson.lines.map((line) => JSON.parse(line).id),
      expected,
    );
  },
);

scenario(
  "the columns of an export can be chosen, and all of them are offered",
  async ({ server, browser }) => {
    await server.post(login(), login());
    const dashboard = await Dashboard.signIn(await browser.newPage(), server);
    const all = await dashboard.export("CSV");
    await dashboard.page.getByRole("button", { name: /^Export/ }).click();
    const dialog = dialogOf(dashboard);
    await dialog.getByRole("button", { name: "Chosen columns" }).click();
    const boxes = dialog.getByRole("group", { name: "Chosen columns" }).getByRole("checkbox");
    const offered = await boxes.evaluateAll((found) =>
      found.map((box) => box.parentElement?.textContent ?? ""),
    );
    assert.deepEqual(offered.join(), all.lines[0]);
    for (const box of await boxes.all()) await box.uncheck();
    await dialog.getByText("Choose one column at least.").waitFor();
    await dialog.getByLabel("endpoint").check();
    await dialog.getByLabel("action_type").check();
    const [download] = await Promise.all([
      dashboard.page.waitForEvent("download"),
      dialog.getByRole("button", { name: "Download" }).click(),
    ]);
    assert.match(download.suggestedFilename(), /\.csv$/);
    await dialog.getByText(/^Saved/).waitFor();
    const command = dialog.getByText("On the command line");
    await command.click();
    await dialog.getByText(/--columns action_type,endpoint/).waitFor();
  },
);

scenario("an export that breaks off or is cancelled leaves no file", async ({ server, browser }) => {
  browser.expectTrouble(/ERR_CONNECTION_RESET.*\/activity\/export/);
  await server.post(login());
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { page } = dashboard;
  /** @type {Promise<void>} */
  let held = Promise.resolve();
  let letGo = () => {};
  await page.route("**/api/admin/activity/export?**", async (route) => {
    await held;
    await route.abort("connectionreset").catch(() => {});
  });
  await page.getByRole("button", { name: /^Export/ }).click();
  const dialog = dialogOf(dashboard);
  const download = dialog.getByRole("button", { name: "Download" });
  await download.click();
  await dialog.getByRole("alert").getByText("The export broke off, and no file was saved.").waitFor();

  held = new Promise((resolve) => {
    letGo = resolve;
  });
  await download.click();
  await dialog.getByRole("progressbar", { name: "Export" }).waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.getByText("Cancelled. No file was saved.").waitFor();
  letGo();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
});

scenario("there is no export of nothing", async ({ server, browser }) => {
  // The page asks whether messages match, and here that search is switched off.
  browser.expectTrouble(/status of 422.*\/stats\?text=/);
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  await dashboard.show("q=nobody-is-called-that");
  const button = dashboard.page.getByRole("button", { name: /^Export/, disabled: true });
  await button.waitFor();
  assert.equal(await button.getAttribute("title"), "Nothing to export: no activity matches");
});
