// @ts-check
import assert from "node:assert/strict";
import { everyLook } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { scenario } from "../harness/scenario.mjs";

const KIB = 1024;
/** `named`: what the document names, which the rows wait for. The others come beside the rows or after them. */
const BUDGET = { named: 115 * KIB, script: 152 * KIB, stylesheet: 14 * KIB };

/** @typedef {import("playwright-core").Response} Response */

scenario("the first visit is small, and its files are compressed and kept for good", async (world) => {
  const { server, browser, t } = world;
  await server.post(...everyLook());
  const page = await browser.newPage();
  /** @type {Response[]} */
  const responses = [];
  page.on("response", (response) => responses.push(response));
  const dashboard = await Dashboard.signIn(page, server);
  await dashboard.table.waitFor();
  const assets = responses.filter((response) => new URL(response.url()).pathname.startsWith("/assets/"));

  const document = await (await fetch(`${server.url}/admin/activity`)).text();

  for (const [kind, budget] of Object.entries(BUDGET)) {
    const files = assets.filter((response) =>
      kind === "named" ? isNamed(response, document) : response.request().resourceType() === kind,
    );
    const sizes = await Promise.all(files.map((response) => response.request().sizes()));
    const transferred = sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0);
    t.diagnostic(`${kind}: ${(transferred / KIB).toFixed(1)} KiB in ${files.length} files`);
    assert.ok(transferred > 0 && transferred <= budget, `${kind}: ${transferred} bytes`);
    for (const response of files) assert.equal(await response.headerValue("content-encoding"), "br");
  }
  for (const response of assets) {
    const kept = await response.headerValue("cache-control");
    assert.match(kept ?? "", /\bmax-age=31536000\b.*\bimmutable\b/, response.url());
  }
});

/**
 * @param {Response} response
 * @param {string} document
 */
const isNamed = (response, document) =>
  response.request().resourceType() === "script" && document.includes(new URL(response.url()).pathname);

scenario("the page needs nothing but its own server, and allows itself nothing else", async (world) => {
  const { server, browser } = world;
  const [id] = await server.post(...everyLook());
  /** @type {string[]} */
  const elsewhere = [];
  browser.context.on("request", (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== server.url && protocol !== "data:") elsewhere.push(request.url());
  });
  const page = await browser.newPage();
  const answer = await page.goto(`${server.url}/admin/activity`);
  const policy = (await answer?.headerValue("content-security-policy")) ?? "";
  for (const part of ["default-src 'self'", "frame-ancestors 'none'"])
    assert.ok(policy.includes(part), policy);
  assert.ok(!/unsafe-eval|\*|https?:/.test(policy), policy);
  browser.expectTrouble(/status of 401/);

  // A violation is an error in the console, and that fails every one of these tests. What loads on demand counts too.
  const dashboard = await Dashboard.signIn(page, server);
  await dashboard.row(id).getByRole("button").click();
  await dashboard.drawer.getByRole("heading").first().waitFor();
  await page.keyboard.press("Escape");
  await dashboard.field.fill("action:");
  await page.getByRole("option").first().waitFor();
  assert.deepEqual(elsewhere, []);
});
