// @ts-check
import assert from "node:assert/strict";
import { everyLook, login } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { eventually } from "../harness/eventually.mjs";
import { scenario } from "../harness/scenario.mjs";

/** More than all that takes the focus, so that Tab comes round. */
const STEPS = 70;

/**
 * What takes the focus by Tab while something else lies over it.
 * @param {import("playwright-core").Page} page
 */
async function covered(page) {
  /** @type {Set<string>} */
  const found = new Set();
  for (let step = 0; step < STEPS; step += 1) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const { x, y, width, height } = element.getBoundingClientRect();
      const top = document.elementFromPoint(x + width / 2, y + height / 2);
      if (!top || element.contains(top) || top.contains(element)) return null;
      return element.getAttribute("aria-label") ?? element.textContent;
    });
    if (name) found.add(name);
  }
  return [...found];
}

for (const width of [1280, 900]) {
  scenario(
    `nothing that takes the focus is covered while an activity is open, ${width} wide`,
    async ({ server, browser }) => {
      const ids = await server.post(...everyLook());
      const dashboard = await Dashboard.signIn(await browser.newPage(), server);
      const { page, drawer } = dashboard;
      // Toasts come and go, and the rows do not change while the page is paused.
      await page.getByRole("button", { name: "Pause live updates" }).click();
      await page
        .getByRole("region", { name: "New activity" })
        .locator("p")
        .first()
        .waitFor({ state: "detached" });
      await dashboard.row(ids[0]).locator("[data-opens]").click();
      await drawer.getByRole("heading", { name: "ada signed in" }).waitFor();
      assert.deepEqual(await covered(page), []);
    },
    { viewport: { width, height: 800 } },
  );
}

scenario("a row stays at its height when it is opened, and others can be opened beside it", async (world) => {
  const { server, browser } = world;
  const ids = await server.post(
    ...Array.from({ length: 30 }, (_, index) => login({ user_id: `ada-${index}` })),
  );
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { page, drawer } = dashboard;
  // With so many filters, the bar takes another line beside a drawer.
  await dashboard.show("user_search=a&action_filter=user_login&date_to=4000000000&is_admin=false&status=3xx");
  const row = dashboard.row(ids[28]);
  const before = await row.boundingBox();
  const heightOfFilters = (await dashboard.filters.boundingBox())?.height;
  await row.locator("[data-opens]").click();
  await drawer.getByRole("heading", { name: /signed in/ }).waitFor();
  assert.notEqual((await dashboard.filters.boundingBox())?.height, heightOfFilters);
  assert.equal((await row.boundingBox())?.y, before?.y);
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
  assert.equal((await row.boundingBox())?.y, before?.y);

  // Nothing above the list takes more room beside a drawer, so nothing has to scroll.
  await dashboard.show("sort_by=duration_ms&sort_order=desc");
  const low = dashboard.rows.nth(17);
  const places = async () => [(await low.boundingBox())?.y, (await dashboard.cards.boundingBox())?.y];
  const still = await places();
  await low.locator("[data-opens]").click();
  await drawer.getByRole("heading", { name: /signed in/ }).waitFor();
  assert.deepEqual(await places(), still);

  await dashboard.show("user_search=ada");
  await row.locator("[data-opens]").click();
  await drawer.getByRole("heading", { name: /signed in/ }).waitFor();
  await dashboard.row(ids[27]).locator("[data-opens]").click();
  await dashboard.untilAddress({ activity: ids[27] });
  await page.keyboard.press("Escape");
  await drawer.waitFor({ state: "detached" });
});

scenario("the pane is made wider by mouse and keys, stays so, and takes the page by |", async (world) => {
  const { server, browser } = world;
  const ids = await server.post(...everyLook());
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const { page, drawer } = dashboard;
  await dashboard.show(`activity=${ids[0]}`);
  await drawer.getByRole("heading", { name: "ada signed in" }).waitFor();
  const width = async () => Math.round((await drawer.boundingBox())?.width ?? 0);
  const untilWidth = (/** @type {number} */ expected) =>
    eventually(async () => assert.equal(await width(), expected));
  const edge = drawer.getByRole("separator", { name: "Width of the pane" });
  await untilWidth(480);
  await edge.focus();
  await page.keyboard.press("ArrowLeft");
  await untilWidth(504);
  const box = await edge.boundingBox();
  assert.ok(box && box.width >= 24, "it can be hit");
  await page.mouse.move(box.x + 12, 400);
  await page.mouse.down();
  await page.mouse.move(box.x - 88, 400);
  await page.mouse.up();
  const dragged = await eventually(async () => {
    const now = await width();
    assert.ok(Math.abs(now - 604) <= 2, `${now} px`);
    return now;
  });
  const list = await page.getByRole("main").boundingBox();
  assert.ok(list && list.x + list.width <= 1440 - dragged, "the list gives way");

  await page.reload();
  await drawer.getByRole("heading", { name: "ada signed in" }).waitFor();
  await untilWidth(dragged);
  await page.keyboard.press("|");
  await untilWidth(1440);
  assert.deepEqual(await covered(page), []);
  await page.keyboard.press("|");
  await untilWidth(dragged);
});

scenario(
  "a click beside a drawer that lies over the page closes it",
  async ({ server, browser }) => {
    const ids = await server.post(...everyLook());
    const dashboard = await Dashboard.signIn(await browser.newPage(), server);
    await dashboard.row(ids[0]).locator("[data-opens]").click();
    await dashboard.drawer.getByRole("heading", { name: "ada signed in" }).waitFor();
    await dashboard.page.mouse.click(100, 400);
    await dashboard.drawer.waitFor({ state: "detached" });
    await dashboard.untilAddress({ activity: null });
  },
  { viewport: { width: 900, height: 800 } },
);
