// @ts-check
/** Many tabs of one browser over plain HTTP, where it allows six connections to a host. */
import assert from "node:assert/strict";
import { chatMessage, failedLogin, login } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { eventually } from "../harness/eventually.mjs";
import { scenario } from "../harness/scenario.mjs";

const VIEWS = ["", "q=ada", "success_filter=failure", "user_id=ada", "limit=50", "limit=100", ""];

scenario("seven tabs are live at once, and each gets each of its rows once", async ({ server, browser }) => {
  const tabs = await openTabs(server, browser, VIEWS);
  await appendTo(server, tabs, 3);
});

scenario("tabs of one view share a stream, and lose nothing when the leading tab closes", async (world) => {
  const { server, browser, t } = world;
  const tabs = await openTabs(server, browser, Array(7).fill("limit=100"));
  await eventually(async () => {
    const counts = await Promise.all(tabs.map(({ sockets }) => sockets.open));
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      1,
      `open sockets: ${counts}`,
    );
  }, 20_000);
  const leader = tabs.find(({ sockets }) => sockets.open === 1);
  assert.ok(leader);
  const posting = Array.from({ length: 20 }, (_, index) => index);
  const ids = [];
  for (const index of posting) {
    if (index === 10) await leader.dashboard.page.close();
    ids.push(...(await server.post(failedLogin({ details: { index } }))));
  }
  const left = tabs.filter((tab) => tab !== leader);
  for (const tab of left) await assertHas(tab.dashboard, ids);
  t.diagnostic(`sockets of the others: ${left.map(({ sockets }) => sockets.opened)}`);
});

/**
 * @param {import("../harness/server.mjs").Server} server
 * @param {import("../harness/browser.mjs").Browser} browser
 * @param {string[]} views
 */
async function openTabs(server, browser, views) {
  await server.post(login(), chatMessage());
  const first = await Dashboard.signIn(await browser.newPage(), server);
  const tabs = [];
  for (const view of views) {
    const page = await browser.newPage();
    const sockets = countSockets(page);
    await page.goto(`${new URL(first.page.url()).origin}/admin/activity${view && `?${view}`}`);
    const dashboard = new Dashboard(page);
    await dashboard.untilLive();
    tabs.push({ dashboard, view, sockets });
  }
  await first.page.close();
  return tabs;
}

/** @param {import("playwright-core").Page} page */
function countSockets(page) {
  const sockets = { open: 0, opened: 0 };
  page.on("websocket", (socket) => {
    sockets.open += 1;
    sockets.opened += 1;
    socket.on("close", () => {
      sockets.open -= 1;
    });
  });
  return sockets;
}

/**
 * @param {import("../harness/server.mjs").Server} server
 * @param {Awaited<ReturnType<typeof openTabs>>} tabs
 * @param {number} rounds
 */
async function appendTo(server, tabs, rounds) {
  const ids = [];
  for (let round = 0; round < rounds; round += 1) ids.push(...(await server.post(failedLogin())));
  for (const { dashboard } of tabs) await assertHas(dashboard, ids);
}

/**
 * @param {Dashboard} dashboard
 * @param {string[]} ids
 */
function assertHas(dashboard, ids) {
  return eventually(async () => {
    const shown = await dashboard.ids();
    assert.equal(new Set(shown).size, shown.length, "none is there twice");
    assert.deepEqual(
      shown.filter((id) => id !== null && ids.includes(id)),
      [...ids].reverse(),
    );
  }, 20_000);
}
