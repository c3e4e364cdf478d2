// @ts-check
/** What Lighthouse says of the page of a signed-in admin. Its rules are asserted, its timings are printed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import lighthouse, { desktopConfig } from "lighthouse";
import { chatMessage, failedLogin, login } from "../harness/activities.mjs";
import { openWithDebugging } from "../harness/browser.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { Server } from "../harness/server.mjs";

/** Of a page that only people who are signed in see, no search engine has to know. */
const CATEGORIES = ["performance", "accessibility", "best-practices"];

/** A rule that is broken, and by which elements. @param {import("lighthouse").Result["audits"][string]} audit */
function described({ id, title, details }) {
  const items = details && "items" in details ? /** @type {any[]} */ (details.items) : [];
  return [`${id}: ${title}`, ...items.map(({ node }) => node?.snippet)].join("\n");
}

test("Lighthouse finds no fault in what the page does for readers and browsers", async (t) => {
  const server = await Server.start();
  const browser = await openWithDebugging();
  try {
    for (let round = 0; round < 20; round += 1) await server.post(login(), failedLogin(), chatMessage());
    const page = await browser.context.newPage();
    await Dashboard.signIn(page, server);
    const result = await lighthouse(
      page.url(),
      { port: browser.port, disableStorageReset: true, onlyCategories: CATEGORIES, logLevel: "silent" },
      desktopConfig,
    );
    assert.ok(result, "Lighthouse has no result");
    const { audits, categories } = result.lhr;
    for (const name of ["first-contentful-paint", "largest-contentful-paint", "total-blocking-time"]) {
      t.diagnostic(`${name}: ${audits[name].displayValue}`);
    }
    t.diagnostic(`performance: ${Math.round((categories.performance.score ?? 0) * 100)}`);
    for (const name of ["accessibility", "best-practices"]) {
      const failed = categories[name].auditRefs
        .map(({ id }) => audits[id])
        .filter(({ score }) => score === 0);
      assert.deepEqual(failed.map(described), [], name);
      assert.equal(categories[name].score, 1, name);
    }
  } finally {
    await browser.close();
    await server.close();
  }
});
