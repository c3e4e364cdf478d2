// @ts-check
import assert from "node:assert/strict";
import { failedLogin, login } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { eventually } from "../harness/eventually.mjs";
import { scenario } from "../harness/scenario.mjs";

const HOUR = 3_600;
/** Some hours ago, at a full hour: an activity for each, the last one failed. */
const start = (Math.floor(Date.now() / 1_000 / HOUR) - 6) * HOUR;
const past = () => [
  login({ timestamp: start }),
  login({ timestamp: start + HOUR }),
  login({ timestamp: start + 2 * HOUR }),
  failedLogin({ timestamp: start + 3 * HOUR }),
];
const VIEW = `action_filter=user_login&date_from=${start}&date_to=${start + 4 * HOUR - 1}`;

scenario("a bar that is clicked narrows the log to its time, and Back widens it", async (world) => {
  const { server, browser } = world;
  const ids = await server.post(...past());
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  await dashboard.show(VIEW, "Past range");
  await dashboard.bars.first().waitFor();
  const names = await dashboard.bars.evaluateAll((bars) => bars.map((bar) => bar.getAttribute("aria-label")));
  assert.equal(names.filter((name) => name?.endsWith(": 1 activity, 1 failed")).length, 1);

  await dashboard.bars.and(dashboard.page.getByLabel(/1 failed$/)).click();
  await dashboard.untilAddress({ date_from: String(start + 3 * HOUR), action_filter: "user_login" });
  await dashboard.untilCards({ Activities: "1", Failed: "1" });
  await dashboard.untilIds([ids[3]]);

  await dashboard.page.goBack();
  await dashboard.untilCards({ Activities: "4", Failed: "1" });
});

scenario("bars that are dragged over narrow the log to their times", async ({ server, browser }) => {
  const ids = await server.post(...past());
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  await dashboard.show(VIEW, "Past range");
  await dashboard.bars.first().waitFor();
  const box = await dashboard.histogram.boundingBox();
  assert.ok(box);
  const { mouse } = dashboard.page;
  await mouse.move(box.x + box.width * 0.9, box.y + 36);
  await mouse.down();
  await mouse.move(box.x + box.width * 0.4, box.y + 44, { steps: 4 });
  await mouse.up();
  await dashboard.untilCards({ Activities: "2", Failed: "1" });
  await dashboard.untilIds([ids[3], ids[2]]);
});

scenario("a keyboard does the same", async ({ server, browser }) => {
  const ids = await server.post(...past());
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  await dashboard.show(VIEW, "Past range");
  await dashboard.bars.first().waitFor();
  const { keyboard } = dashboard.page;
  await dashboard.histogram.focus();
  await keyboard.press("Home");
  await keyboard.press("Enter");
  await dashboard.untilAddress({ date_from: String(start) });
  await dashboard.untilCards({ Activities: "1" });
  await dashboard.untilIds([ids[0]]);
  // The bars are others now, and the keyboard is still among them.
  await eventually(async () =>
    assert.ok(await dashboard.histogram.evaluate((bars) => bars === document.activeElement)),
  );
});

scenario("what arrives is counted into the last bar at once", async ({ server, browser }) => {
  await server.post(login());
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  await dashboard.show("action_filter=user_login");
  await dashboard.bars.first().waitFor();
  const counted = async () => {
    const names = await dashboard.bars.evaluateAll((bars) =>
      bars.map((bar) => bar.getAttribute("aria-label") ?? ""),
    );
    return names.reduce((sum, name) => sum + Number(/: (\d+) activit/.exec(name)?.[1]), 0);
  };
  await eventually(async () => assert.equal(await counted(), 1));
  await server.post(login(), failedLogin());
  await eventually(async () => assert.equal(await counted(), 3));
});

scenario("failures hang below on a scale of their own: one of many is small", async ({ server, browser }) => {
  await server.post(
    ...Array.from({ length: 20 }, () => login({ timestamp: start })),
    failedLogin({ timestamp: start }),
  );
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  await dashboard.show(VIEW, "Past range");
  const bar = dashboard.bars.and(dashboard.page.getByLabel(/: 21 activities, 1 failed$/));
  await bar.waitFor();
  const heights = await bar.evaluate((element) =>
    [...element.querySelectorAll("span > span")].map((part) => part.getBoundingClientRect().height),
  );
  assert.equal(heights.length, 2);
  assert.ok(heights[1] * 8 < heights[0], `${heights}`);
});

scenario("an alert has a mark over the bars, which opens it", async ({ server, browser }) => {
  await server.post(...Array.from({ length: 10 }, () => failedLogin()));
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  const marks = dashboard.page.getByRole("list", { name: "Alerts in this time" });
  await marks.getByRole("link", { name: /failed sign ins/ }).click();
  await dashboard.page.waitForURL(/\/alerts\?alert=/);
  await dashboard.drawer.getByText("raised it").waitFor();
});

scenario("the bars can be read as a table", async ({ server, browser }) => {
  await server.post(...past());
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  await dashboard.show(VIEW, "Past range");
  await dashboard.bars.first().waitFor();
  await dashboard.page.getByRole("button", { name: "Table over time" }).press("Enter");
  const table = dashboard.page.getByRole("table", { name: /Activities over time/ });
  await eventually(async () =>
    assert.equal(await table.getByRole("row").count(), (await dashboard.bars.count()) + 1),
  );
});
