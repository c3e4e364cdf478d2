// @ts-check
import assert from "node:assert/strict";
import { chatMessage, failedLogin, login } from "../harness/activities.mjs";
import { NOT_THERE } from "../harness/browser.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { eventually } from "../harness/eventually.mjs";
import { Network } from "../harness/network.mjs";
import { scenario } from "../harness/scenario.mjs";

scenario(
  "the page survives the server's death: it comes back by itself, and nothing is lost or doubled",
  async (world) => {
    const { server, browser, t } = world;
    browser.expectTrouble(NOT_THERE);
    const before = await server.post(login(), failedLogin());
    const dashboard = await Dashboard.signIn(await browser.newPage(), server);
    const live = await server.post(chatMessage());
    await dashboard.row(live[0]).waitFor();

    await server.kill();
    await dashboard.badge.getByText(/^(Reconnecting|Connecting|No answer)/).waitFor();
    await server.restart();
    const started = Date.now();
    const missed = await server.post(failedLogin(), chatMessage(), login({ user_id: "milo" }));
    t.diagnostic(`when these were stored, the badge said ${await dashboard.badge.textContent()}`);

    await dashboard.untilLive();
    t.diagnostic(`live again ${Date.now() - started} ms after the server was`);
    await dashboard.row(missed[2]).waitFor();
    const after = await server.post(chatMessage({ user_id: "milo" }));
    await dashboard.row(after[0]).waitFor();
    await assertSameAsServer(dashboard, server, [...before, ...live, ...missed, ...after]);
  },
);

scenario("what is stored while the page cannot reach the server comes when it can", async (world) => {
  const { server, browser } = world;
  browser.expectTrouble(NOT_THERE);
  const before = await server.post(login());
  const network = await Network.to(server.url);
  try {
    const dashboard = await Dashboard.signIn(await browser.newPage(), server, network);
    await dashboard.row(before[0]).waitFor();

    network.cut();
    await dashboard.badge.getByText(/^(Reconnecting|No answer)/).waitFor();
    const missed = await server.post(failedLogin(), chatMessage(), login({ user_id: "milo" }));
    assert.equal(await dashboard.row(missed[0]).count(), 0, "the page cannot know yet");

    network.mend();
    await dashboard.untilLive();
    await dashboard.row(missed[2]).waitFor();
    await assertSameAsServer(dashboard, server, [...before, ...missed]);
  } finally {
    network.close();
  }
});

scenario(
  "a network that dies without a word is noticed by its missing heartbeats, and nothing is lost",
  async (world) => {
    const { server, browser, t } = world;
    browser.expectTrouble(NOT_THERE);
    const before = await server.post(login());
    const network = await Network.to(server.url);
    try {
      const dashboard = await Dashboard.signIn(await browser.newPage(), server, network);
      await dashboard.row(before[0]).waitFor();

      network.die();
      const died = Date.now();
      const missed = await server.post(failedLogin(), chatMessage());
      await dashboard.badge.getByText(/^No answer for \d+ s$/).waitFor({ timeout: 60_000 });
      t.diagnostic(`the badge says it ${Date.now() - died} ms after the network died`);

      network.mend();
      await dashboard.row(missed[1]).waitFor({ timeout: 60_000 });
      await dashboard.untilLive();
      await assertSameAsServer(dashboard, server, [...before, ...missed]);
    } finally {
      network.close();
    }
  },
);

/**
 * The page shows the very rows that the server lists, in that order, each once, and counts like it.
 * @param {Dashboard} dashboard
 * @param {import("../harness/server.mjs").Server} server
 * @param {string[]} posted
 */
async function assertSameAsServer(dashboard, server, posted) {
  await eventually(async () => {
    // As many as a page of the dashboard has.
    const list = await server.list("limit=50");
    const ids = await dashboard.ids();
    assert.deepEqual(
      ids,
      list.data.map(({ id }) => id),
    );
    assert.equal(new Set(ids).size, ids.length);
    assert.deepEqual(
      posted.filter((id) => !ids.includes(id)),
      [],
    );
    assert.equal(await dashboard.card("Activities"), String(list.stats.total_logs));
    assert.equal(await dashboard.card("Failed"), String(list.stats.failed_count));
  });
}
