// @ts-check
import assert from "node:assert/strict";
import { failedLogin, login } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { eventually } from "../harness/eventually.mjs";
import { scenario } from "../harness/scenario.mjs";

const STATS = "**/api/admin/activity/stats*";
const LOGINS = "action_filter=user_login";
const TOO_LONG = "This question took longer than 10s and was ended. Narrow it: a shorter range of dates.";

/** @typedef {import("playwright-core").Page} Page */

/**
 * Keeps the statistics back until the function that it returns is called.
 * @param {Page} page
 */
async function holdStats(page) {
  /** @type {() => void} */
  let release = () => undefined;
  /** @type {Promise<void>} */
  const released = new Promise((resolve) => {
    release = resolve;
  });
  await page.route(STATS, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

/**
 * The statistics that a page has asked for.
 * @param {Page} page
 */
function countQuestions(page) {
  let asked = 0;
  page.on("request", (request) => {
    if (new URL(request.url()).pathname === "/api/admin/activity/stats") asked += 1;
  });
  return () => asked;
}

for (const [name, viewport] of /** @type {const} */ ([
  ["a desktop", { width: 1440, height: 900 }],
  ["a phone", { width: 390, height: 844 }],
])) {
  scenario(
    `rows do not wait for the statistics, and nothing moves when those come, on ${name}`,
    async ({ server, browser }) => {
      const ids = await server.post(...Array.from({ length: 25 }, () => login()));
      const dashboard = await Dashboard.signIn(await browser.newPage(), server);
      const release = await holdStats(dashboard.page);
      await dashboard.show(LOGINS);
      await dashboard.row(ids[24]).waitFor();
      assert.equal(await dashboard.cards.getAttribute("aria-busy"), "true");
      const pages = dashboard.page.getByRole("navigation", { name: "Pages" });
      assert.equal(await pages.getByText("25 activities").count(), 0);
      const next = pages.getByRole("button", { name: "Next page" });
      const places = () =>
        Promise.all([dashboard.cards, dashboard.row(ids[24]), next].map((each) => each.boundingBox()));
      const before = await places();

      release();
      await dashboard.untilCards({ Failed: "0" });
      await pages.getByText("25 activities").waitFor();
      await pages.getByText("Page 1 of 2").waitFor();
      assert.deepEqual(await places(), before);
    },
    { viewport },
  );
}

scenario(
  "where the statistics take too long, the cards say so, and the list is live",
  async ({ server, browser }) => {
    browser.expectTrouble(/status of 503.*\/stats/);
    const [old] = await server.post(login());
    const dashboard = await Dashboard.signIn(await browser.newPage(), server);
    const { page } = dashboard;
    const asked = countQuestions(page);
    const problem = { type: "about:blank", title: "Service Unavailable", status: 503, detail: TOO_LONG };
    await page.route(STATS, (route) =>
      route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify(problem) }),
    );
    await dashboard.show(LOGINS);
    const alert = page.getByRole("alert").filter({ hasText: TOO_LONG });
    await alert.waitFor();
    const before = asked();
    const [arrived] = await server.post(failedLogin());
    await dashboard.row(arrived).waitFor();
    assert.deepEqual(await dashboard.ids(), [arrived, old]);
    assert.equal(asked(), before, "the same question would fail again");

    await page.unroute(STATS);
    await alert.getByRole("button", { name: "Try again" }).click();
    await dashboard.untilCards({ Total: "2", Failed: "1" });
    await alert.waitFor({ state: "detached" });
  },
);

scenario("the cards are exact after what came while they were counted", async ({ server, browser }) => {
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  // Each round opens the page in the middle of a burst, so that list, count and stream begin at different heads.
  for (const round of [1, 2, 3]) {
    const view = `${LOGINS}&resource_id=round-${round}`;
    const burst = (async () => {
      for (let sent = 0; sent < 40; sent += 1) {
        await server.post(login({ target_resource_id: `round-${round}` }), failedLogin());
      }
    })();
    await dashboard.show(view);
    await burst;
    const { total, stats } = await server.list(view);
    assert.equal(total, 40);
    await eventually(async () => {
      assert.equal(await dashboard.card("Total"), "40");
      assert.equal(await dashboard.card("Users"), String(stats.unique_users));
    }, 15_000);
  }
});

scenario("the statistics of a filter are asked for once, whatever is done with its rows", async (world) => {
  const { server, browser } = world;
  const [id] = await server.post(login());
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const asked = countQuestions(dashboard.page);
  await dashboard.show(LOGINS);
  await dashboard.untilCards({ Total: "1" });
  await dashboard.row(id).getByRole("button").click();
  await dashboard.drawer.getByRole("button", { name: "Close" }).click();
  const sorted = dashboard.page.waitForResponse(/\/activity\?.*sort_by=duration_ms/);
  await dashboard.page.getByRole("button", { name: "Took" }).click();
  await sorted;
  assert.equal(asked(), 1);
});

scenario("a reader of one tenant has the statistics of that tenant", async ({ server, browser }) => {
  const [, own] = await server.post(
    failedLogin({ tenant_id: "globex" }),
    login({ tenant_id: "acme" }),
    failedLogin({ tenant_id: "acme" }),
  );
  const dashboard = new Dashboard(await browser.newPage());
  await dashboard.page.goto(`${server.url}/admin/activity#token=${await server.tenantKey("acme")}`);
  await dashboard.untilLive();
  await dashboard.show(LOGINS);
  await dashboard.row(own).waitFor();
  await dashboard.untilCards({ Total: "2", Failed: "1", "Success rate": "50.0%" });
});
