// @ts-check
import assert from "node:assert/strict";
import { chatMessage, failedLogin, login } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
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
    const opener = dashboard.row(id).getByRole("button");
    await opener.click();
    await drawer.getByRole("heading", { name: "robin suspended user milo" }).waitFor();
    await dashboard.untilAddress({ activity: id });

    const text = (await drawer.textContent()) ?? "";
    for (const part of ["chargeback", "[redacted]", "user_suspended", "203.0.113.9", "Chrome", "41 ms", id]) {
      assert.ok(text.includes(part), `${part} is missing in:\n${text}`);
    }
    assert.ok(!text.includes("never-to-be-seen"));
    await drawer.getByRole("row", { name: "status active suspended" }).waitFor();

    await page.keyboard.press("Escape");
    await drawer.waitFor({ state: "detached" });
    await dashboard.untilAddress({ activity: null });
    assert.ok(await opener.evaluate((element) => element === document.activeElement), "the focus is back");
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
  await dashboard.row(old.id).getByRole("button").click();
  await drawer.getByText("175928847299117063").waitFor();
  await drawer.getByRole("row", { name: "ref 1541815603606036480 1541815603606036481" }).waitFor();
  await dashboard.page.keyboard.press("Escape");

  const [arrived] = await server.appendText(payment("9007199254740993"));
  await dashboard.row(arrived.id).getByRole("button").click();
  await drawer.getByText("9007199254740993").waitFor();
});

scenario("the address of an activity opens it, though it is on no page that is shown", async (world) => {
  const { server, browser } = world;
  const [id] = await server.post(failedLogin({ user_id: "milo" }));
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  await dashboard.show(`action_filter=chat_message&activity=${id}`);
  await dashboard.drawer.getByText("Wrong password.").first().waitFor();
  assert.equal(await dashboard.rows.count(), 0);
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
