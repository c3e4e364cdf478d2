// @ts-check
/** A reader at rest on a busy log: what is pointed at, selected or read stays where it is. */
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { chatMessage, failedLogin } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { scenario } from "../harness/scenario.mjs";

const ROWS = 100;
const BURST = 20;
const EACH_MS = 100;
const BURSTS = 40;

scenario("a row that is pointed at or selected stays at 200 activities a second", async (world) => {
  const { server, browser, t } = world;
  await server.post(...Array.from({ length: ROWS }, () => chatMessage()));
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { page } = dashboard;
  await dashboard.show(`limit=${ROWS}`);
  await watchTasks(page);

  await appendBusily(server);
  const longest = await longTasks(page);
  t.diagnostic(`while rows entered: ${longest.length} tasks over 50 ms, ${longest.join(", ")} ms`);

  const place = await placeOfRow(page, 5);
  await page.mouse.move(place.x - 10, place.y);
  await page.mouse.move(place.x, place.y);
  await dashboard.badge.getByText(/^Held:?$/).waitFor();
  const pointedAt = await rowAt(page, place);
  await appendBusily(server);
  await dashboard.pill.getByText(/^[\d,]+ newer$/).waitFor();
  assert.equal(await rowAt(page, place), pointedAt, "the row under the pointer");

  const selected = await page.evaluate(() => {
    const cell = document.querySelectorAll("[data-activity]")[5]?.querySelector("td");
    if (cell) document.getSelection()?.selectAllChildren(cell);
    return document.getSelection()?.toString();
  });
  assert.ok(selected);
  await page.mouse.move(2, 2);
  await appendBusily(server);
  assert.equal(await page.evaluate(() => document.getSelection()?.toString()), selected);
  assert.equal(await rowAt(page, place), pointedAt, "the row that is selected");

  await page.evaluate(() => document.getSelection()?.removeAllRanges());
  const last = await server.post(failedLogin());
  await dashboard.row(last[0]).waitFor();
  assert.equal(await dashboard.pill.count(), 0);
});

scenario("Space holds the rows and lets them go, and the full stop brings in what waits", async (world) => {
  const { server, browser } = world;
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { page } = dashboard;
  await page.keyboard.press("Space");
  await dashboard.badge.getByText(/^Paused:?$/).waitFor();
  const [waiting] = await server.post(failedLogin());
  await dashboard.pill.getByText("1 failed").waitFor();
  assert.equal(await dashboard.row(waiting).count(), 0);
  await page.keyboard.press(".");
  await dashboard.row(waiting).waitFor();
  await dashboard.badge.getByText(/^Paused:?$/).waitFor();
  await page.keyboard.press("Space");
  await dashboard.untilLive();
});

/** @param {import("../harness/server.mjs").Server} server */
async function appendBusily(server) {
  for (let burst = 0; burst < BURSTS; burst += 1) {
    // The pace of the application, not a wait for the page.
    await Promise.all([server.post(...Array.from({ length: BURST }, () => chatMessage())), pause(EACH_MS)]);
  }
}

/**
 * Found and measured in one go: a row that is found first is elsewhere when it is measured.
 * @param {import("playwright-core").Page} page
 * @param {number} index
 */
async function placeOfRow(page, index) {
  const box = await page.evaluate(
    (nth) => document.querySelectorAll("[data-activity]")[nth]?.getBoundingClientRect().toJSON(),
    index,
  );
  assert.ok(box);
  return { x: box.x + box.width / 3, y: box.y + box.height / 2 };
}

/**
 * @param {import("playwright-core").Page} page
 * @param {{ x: number, y: number }} place
 */
function rowAt(page, { x, y }) {
  return page.evaluate(
    ([left, top]) =>
      document.elementFromPoint(left, top)?.closest("[data-activity]")?.getAttribute("data-activity"),
    /** @type {const} */ ([x, y]),
  );
}

/** @param {import("playwright-core").Page} page */
function watchTasks(page) {
  return page.evaluate(() => {
    const tasks = /** @type {number[]} */ ([]);
    Object.assign(window, { longTasks: tasks });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) tasks.push(Math.round(entry.duration));
    }).observe({ type: "longtask" });
  });
}

/**
 * @param {import("playwright-core").Page} page
 * @returns {Promise<number[]>}
 */
function longTasks(page) {
  return page.evaluate(() => /** @type {any} */ (window).longTasks);
}
