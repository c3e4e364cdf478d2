// @ts-check
import assert from "node:assert/strict";
import axe from "axe-core";

/** @param {import("playwright-core").Page} page */
export async function assertNoViolations(page) {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const result = await /** @type {any} */ (window).axe.run();
    return result.violations.flatMap((/** @type {import("axe-core").Result} */ { id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`),
    );
  });
  assert.deepEqual(violations, []);
}
