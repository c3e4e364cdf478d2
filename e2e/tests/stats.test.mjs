// @ts-check
import assert from "node:assert/strict";
import { failedLogin, login } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { eventually } from "../harness/eventually.mjs";
import { scenario } from "../harness/scenario.mjs";

const STATS = "**/api/admin/activity/stats*";
const TIMELINE = "**/api/admin/activity/timeline*";
const LOGINS = "action_filter=user_login";
const TOO_LONG = "This question took longer than 10s and was ended. Narrow it: a shorter range of dates.";

/** @typedef {import("playwright-core").Page} Page */

/**
 * Keeps the answers of an endpoint back until the function that it returns is called.
 * @param {Page} page
 * @param {string} endpoint
 */
async function hold(page, endpoint) {
  /** @type {() => void} */
  let release = () => undefined;
  /** @type {Promise<void>} */
  const released = new Promise((resolve) => {
    release = resolve;
  });
  await page.route(endpoint, async (route) => {
    await released;
    await route.continue();
  });
  return release;
}

const QUARTER_MS = 900_000;
/** A test of questions takes less. */
const ROOM_MS = 45_000;

/** Waits for the next quarter of an hour if it is near: the page then asks for the last 24 hours anew. */
async function withinAQuarter() {
  const left = QUARTER_MS - (Date.now() % QUARTER_MS);
  if (left < ROOM_MS) await new Promise((resolve) => setTimeout(resolve, left));
}

/**
 * The questions for statistics that a page has asked, by their parameters.
 * @param {Page} page
 */
async function questionsOf(page) {
  await withinAQuarter();
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => {
    const { pathname, search } = new URL(request.url());
    if (pathname === "/api/admin/activity/stats") asked.push(search);
  });
  return asked;
}

for (const [name, viewport] of /** @type {const} */ ([
  ["a desktop", { width: 1440, height: 900 }],
  ["a phone", { width: 390, height: 844 }],
])) {
  scenario(
    `rows do not wait for the statistics, and nothing moves when those come, on ${name}`,
    async ({ server, browser }) => {
      const ids = await server.post(...Array.from({ length: 60 }, () => login()));
      const dashboard = await Dashboard.signIn(await browser.newPage(), server);
      const release = await hold(dashboard.page, STATS);
      await dashboard.show(LOGINS);
      await dashboard.row(ids[59]).waitFor();
      assert.equal(await dashboard.cards.getAttribute("aria-busy"), "true");
      const pages = dashboard.page.getByRole("navigation", { name: "Pages" });
      assert.equal(await pages.getByText("60 activities").count(), 0);
      const next = pages.getByRole("button", { name: "Next page" });
      const places = () =>
        Promise.all([dashboard.cards, dashboard.row(ids[59]), next].map((each) => each.boundingBox()));
      // The key that sends the activities has raised an alert, whose line comes when it will.
      await dashboard.page.getByRole("region", { name: "Open alert" }).waitFor();
      const before = await places();

      release();
      await dashboard.untilCards({ Failed: "0" });
      await pages.getByText("60 activities").waitFor();
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
    const asked = await questionsOf(page);
    const problem = { type: "about:blank", title: "Service Unavailable", status: 503, detail: TOO_LONG };
    await page.route(STATS, (route) =>
      route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify(problem) }),
    );
    await dashboard.show(LOGINS);
    const alert = page.getByRole("alert").filter({ hasText: TOO_LONG });
    await alert.waitFor();
    const before = asked.length;
    const [arrived] = await server.post(failedLogin());
    await dashboard.row(arrived).waitFor();
    assert.deepEqual(await dashboard.ids(), [arrived, old]);
    assert.equal(asked.length, before, "the same question would fail again");

    await page.unroute(STATS);
    await alert.getByRole("button", { name: "Try again" }).click();
    await dashboard.untilCards({ Activities: "2", Failed: "1" });
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
      assert.equal(await dashboard.card("Activities"), "40");
      assert.equal(await dashboard.card("Users"), String(stats.unique_users));
    }, 45_000);
  }
});

scenario("the statistics of a list are asked for once, whatever is done with its rows", async (world) => {
  const { server, browser } = world;
  const [id] = await server.post(login());
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const asked = await questionsOf(dashboard.page);
  await dashboard.show(LOGINS);
  await dashboard.untilCards({ Activities: "1" });
  await dashboard.row(id).getByRole("button").click();
  await dashboard.drawer.getByRole("button", { name: "Close" }).click();
  assert.ok(asked.includes(`?${LOGINS}`));
  assert.deepEqual(asked, [...new Set(asked)]);

  // Another order is another list, read up to a later head: what the page asked has been logged since.
  const before = asked.length;
  const sorted = dashboard.page.waitForResponse(/\/activity\?.*sort_by=duration_ms/);
  await dashboard.page.getByRole("button", { name: "Took" }).click();
  await sorted;
  await dashboard.badge.getByText(/^Sorted by duration/).waitFor();
  await dashboard.untilCards({ Activities: "1" });
  const again = asked.slice(before);
  assert.deepEqual(again, [...new Set(again)]);
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
  await dashboard.untilCards({ Activities: "2", Failed: "1", Success: "50.0%" });
});

scenario(
  "a card says what it was in the day before, and its share under a filter",
  async ({ server, browser }) => {
    const day = 86_400;
    const yesterday = Math.floor(Date.now() / 1_000) - 1.5 * day;
    await server.post(
      ...Array.from({ length: 4 }, () => login({ timestamp: yesterday })),
      ...Array.from({ length: 6 }, () => login()),
      ...Array.from({ length: 2 }, () => failedLogin()),
      ...Array.from({ length: 8 }, () => login({ action_type: "document_upload" })),
    );
    const dashboard = await Dashboard.signIn(await browser.newPage(), server);
    await dashboard.show(LOGINS);
    await dashboard.untilCards({ Activities: "8", Failed: "2", "Last hour": "8" });
    const card = (/** @type {RegExp} */ name) => dashboard.cards.getByRole("button", { name });
    await card(/^Activities: 8, 100% more than in the period before, \d+% of all, last 24 hours$/).waitFor();
    await card(/^Failed: 2, none in the period before, 100% of all, last 24 hours$/).waitFor();
    await card(/^Success: 75\.0%, 25\.0 pt less than in the period before/).waitFor();
  },
);

scenario(
  "a click on a card filters, a second one undoes it, by mouse and by keys",
  async ({ server, browser }) => {
    const [, failed] = await server.post(login(), failedLogin());
    const dashboard = await Dashboard.signIn(await browser.newPage(), server);
    await dashboard.show(LOGINS);
    await dashboard.untilCards({ Activities: "2" });
    const card = dashboard.cards.getByRole("button", { name: /^Failed:/ });
    await card.click();
    await dashboard.untilAddress({ success_filter: "failure" });
    assert.equal(await card.getAttribute("aria-pressed"), "true");
    await dashboard.untilCards({ Activities: "1", Failed: "1" });
    await dashboard.untilIds([failed]);
    await card.press("Enter");
    await dashboard.untilAddress({ success_filter: null });
    assert.equal(await card.getAttribute("aria-pressed"), "false");
    await dashboard.untilCards({ Activities: "2" });
  },
);

scenario(
  "nothing moves while the figures load, and never are those of another filter shown",
  async (world) => {
    const { server, browser } = world;
    await server.post(login(), login(), failedLogin());
    const dashboard = await Dashboard.signIn(await browser.newPage(), server);
    const { page } = dashboard;
    await dashboard.show(LOGINS);
    await dashboard.untilCards({ Activities: "3" });
    const release = await hold(page, STATS);
    const releaseTimeline = await hold(page, TIMELINE);
    const failed = dashboard.cards.getByRole("button", { name: /^Failed:/ });
    await failed.click();
    await dashboard.untilAddress({ success_filter: "failure" });
    assert.equal(await dashboard.card("Activities"), "");
    release();
    await dashboard.untilCards({ Activities: "1" });
    await failed.getByText("100% of all", { exact: true }).waitFor();
    assert.equal(await failed.locator("path").count(), 0);
    releaseTimeline();
    await failed.locator("path").waitFor();
    const shifted = await page.evaluate(() => {
      const shifts = new PerformanceObserver(() => undefined);
      shifts.observe({ type: "layout-shift", buffered: true });
      const figures = document.querySelector("[aria-label='Statistics']")?.closest("main, [data-figures]");
      return shifts.takeRecords().flatMap((entry) => {
        const { sources } = /** @type {any} */ (entry);
        return sources.flatMap((/** @type {{node: Node | null}} */ { node }) =>
          node && figures?.contains(node) ? [/** @type {Element} */ (node).className] : [],
        );
      });
    });
    assert.deepEqual(shifted, []);
  },
);
