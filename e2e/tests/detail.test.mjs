// @ts-check
import assert from "node:assert/strict";
import { chatMessage, failedLogin, login } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { eventually } from "../harness/eventually.mjs";
import { scenario } from "../harness/scenario.mjs";

const SUSPENSION = login({
  user_id: "robin",
  is_admin: true,
  action_type: "user_suspended",
  target_user_id: "milo",
  details: { reason: "chargeback", password: "never-to-be-seen" },
  changes: { status: { from: "active", to: "suspended" } },
});

scenario(
  "an activity opens with all there is to know, has an address, and Escape closes it",
  async (world) => {
    const { server, browser } = world;
    const [id] = await server.post(SUSPENSION);
    const dashboard = await Dashboard.signIn(await browser.newPage(), server);
    const { page, drawer } = dashboard;
    const opener = dashboard.row(id).locator("[data-opens]");
    await opener.click();
    await drawer.getByRole("heading", { name: "robin suspended user milo" }).waitFor();
    await dashboard.untilAddress({ activity: id });

    const text = (await drawer.textContent()) ?? "";
    for (const part of ["chargeback", "[redacted]", "user_suspended", "203.0.113.9", "Chrome", "41 ms", id]) {
      assert.ok(text.includes(part), `${part} is missing in:\n${text}`);
    }
    assert.ok(!text.includes("never-to-be-seen"));
    await drawer.getByRole("row", { name: "status active → suspended" }).waitFor();

    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });
    await dashboard.untilAddress({ activity: null });
    const isFocused = () => opener.evaluate((element) => element === document.activeElement);
    await eventually(async () => assert.ok(await isFocused(), "the focus is back"));
  },
);

scenario("integers beyond 2^53 are shown as they were logged, also when they arrive live", async (world) => {
  const { server, browser } = world;
  /** @param {string} order */
  const payment = (order) =>
    `[{"user_id":"ada","action_type":"transaction_created","details":{"order":${order}},"changes":{"ref":{"from":1541815603606036480,"to":1541815603606036481}}}]`;
  const [old] = await server.appendText(payment("175928847299117063"));
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { drawer } = dashboard;
  await dashboard.row(old.id).locator("[data-opens]").click();
  await drawer.getByText("175928847299117063").waitFor();
  await drawer.getByRole("row", { name: "ref 1541815603606036480 → 1541815603606036481" }).waitFor();
  await dashboard.page.keyboard.press("Escape");
  // Rows wait while the pointer rests on them.
  await dashboard.page.mouse.move(2, 2);

  const [arrived] = await server.appendText(payment("9007199254740993"));
  await dashboard.row(arrived.id).locator("[data-opens]").click();
  await drawer.getByText("9007199254740993").waitFor();
});

scenario("the address of an activity opens it, though it is on no page that is shown", async (world) => {
  const { server, browser } = world;
  const [id] = await server.post(failedLogin({ user_id: "milo" }));
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  await dashboard.show(`action_filter=chat_message&activity=${id}`);
  await dashboard.drawer.getByText("Wrong password.").first().waitFor();
  await dashboard.page.getByText("not in this list, because a filter excludes it").waitFor();
  assert.equal(await dashboard.rows.count(), 0);
});

scenario("the address of an old activity shows the list around it, and the arrows lead on", async (world) => {
  const { server, browser } = world;
  const at = (/** @type {number} */ second) => new Date(Date.UTC(2026, 0, 1, 10, 0, second)).toISOString();
  const users = Array.from({ length: 200 }, (_, index) => `user-${index}`);
  const ids = await server.post(
    ...users.map((user_id, index) => login({ user_id, timestamp: at(Math.floor(index / 10)) })),
  );
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { page, drawer } = dashboard;
  await dashboard.show(`action_filter=user_login&limit=20&activity=${ids[100]}`);
  await page.getByText(/^Around /).waitFor();
  await dashboard.row(ids[100]).waitFor();
  const shown = await dashboard.ids();
  const place = shown.indexOf(ids[100]);
  assert.ok(place > 3 && place < 16, `it is row ${place} of ${shown.length}`);
  await page.keyboard.press("k");
  await dashboard.untilAddress({ activity: shown[place - 1] });
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await dashboard.untilAddress({ activity: shown[place + 1] });
  await page.getByRole("button", { name: "Back to newest" }).click();
  await drawer.waitFor({ state: "detached" });
  await dashboard.untilAddress({ activity: null, date_to: null });
});

scenario("an activity that is not in the log is said in words", async ({ server, browser }) => {
  const tab = await browser.newPage();
  browser.expectTrouble(/404/);
  const dashboard = await Dashboard.signIn(tab, server);
  await dashboard.show("activity=01a22c4d-0000-7000-8000-000000000000");
  await dashboard.drawer.getByRole("heading", { name: "This activity is not in the log" }).waitFor();
  await dashboard.drawer.getByRole("link", { name: "Show the newest activities" }).click();
  await dashboard.drawer.waitFor({ state: "detached" });
});

scenario("a large tree opens at once, hostile names are drawn, and its values are copied", async (world) => {
  const { server, browser, t } = world;
  const items = Array.from({ length: 900 }, (_, index) => ({
    name: `item ${index}`,
    "a\u202eb": [index, null],
  }));
  const [id] = await server.post(login({ details: { items, "": "<img src=x onerror=alert(1)>" } }));
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { page, drawer } = dashboard;
  await page.evaluate(() => {
    const seen = /** @type {number[]} */ ([]);
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.push(entry.duration);
    }).observe({ type: "longtask", buffered: false });
  });
  await dashboard.row(id).locator("[data-opens]").click();
  const tree = drawer.getByRole("tree", { name: "Details" });
  await tree.getByText("<img src=x onerror=alert(1)>").waitFor();
  t.diagnostic(`long tasks (ms): ${await page.evaluate(() => JSON.stringify(Object(window).seen))}`);
  await tree.getByRole("treeitem", { name: "0: {2}", exact: true }).click();
  await tree.getByText("U+202E").first().waitFor();
  assert.ok((await tree.getByRole("treeitem").count()) < 80);
});

scenario("j and k go from one activity to the next, and rows wait while one is read", async (world) => {
  const { server, browser } = world;
  const [older, newer] = await server.post(
    login({ timestamp: "2026-01-01T10:00:00Z" }),
    failedLogin({ timestamp: "2026-01-01T11:00:00Z" }),
  );
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { page, drawer } = dashboard;
  await dashboard.show(`user_id=ada&activity=${newer}`);
  await drawer.getByText("Wrong password.").first().waitFor();
  await page.keyboard.press("j");
  await drawer.getByText(older).waitFor();
  await dashboard.untilAddress({ activity: older });
  await page.keyboard.press("k");
  await drawer.getByText(newer).waitFor();

  const [arrived] = await server.post(chatMessage());
  const waiting = page.getByRole("button", { name: "1 new" });
  await waiting.waitFor();
  assert.deepEqual(await dashboard.ids(), [newer, older]);
  await page.keyboard.press("Escape");
  await waiting.click();
  await dashboard.row(arrived).waitFor();
  assert.deepEqual(await dashboard.ids(), [arrived, newer, older]);
});
