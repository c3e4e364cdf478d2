// @ts-check
import assert from "node:assert/strict";
import { everyLook } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { scenario } from "../harness/scenario.mjs";

/** @param {import("playwright-core").Page} page */
const squashed = (page) =>
  page.locator("svg.lucide").evaluateAll((icons) =>
    icons.flatMap((icon) => {
      const { width, height } = icon.getBoundingClientRect();
      return Math.abs(width - height) < 0.5 ? [] : [`${icon.classList}: ${width} x ${height}`];
    }),
  );

for (const width of [1280, 390]) {
  scenario(
    `no icon is squashed, ${width} wide`,
    async ({ server, browser }) => {
      const ids = await server.post(...everyLook());
      const dashboard = await Dashboard.signIn(await browser.newPage(), server);
      await dashboard.row(ids[0]).waitFor();
      // Refreshing turns its icon, and what is turned has another frame.
      await dashboard.page.emulateMedia({ reducedMotion: "reduce" });
      assert.deepEqual(await squashed(dashboard.page), []);
      await dashboard.row(ids[0]).getByRole("button").click();
      await dashboard.drawer.getByRole("heading").first().waitFor();
      assert.deepEqual(await squashed(dashboard.page), []);
    },
    { viewport: { width, height: 900 } },
  );
}
