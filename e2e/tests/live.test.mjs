// @ts-check
import assert from "node:assert/strict";
import { Dashboard } from "../harness/dashboard.mjs";
import { Example } from "../harness/example.mjs";
import { scenario } from "../harness/scenario.mjs";

/** @typedef {import("playwright-core").Page} Page */

scenario("what happens in an application appears in the open page, at once and once", async (world) => {
  const { server, browser, t } = world;
  browser.expectTrouble(/status of 401.*\/login\)/);
  const example = await Example.start(server);
  try {
    const { email, password } = example.account("ada@example.com");
    const dashboard = await Dashboard.signIn(await browser.newPage(), server);
    const visitor = await browser.newPage();
    await dashboard.untilCards({ Failed: "0", Success: "100%" });
    const total = Number(await dashboard.card("Activities"));
    const loads = countLoads(dashboard.page);

    const failed = dashboard.rowWith("Wrong e-mail or password.");
    const appeared = whenARowSays(dashboard.page, "Wrong e-mail or password.");
    // A toast goes away by itself.
    const toasted = dashboard.toasts.getByText("Wrong e-mail or password.").waitFor({ timeout: 30_000 });
    const answered = await logIn(visitor, example.url, email, "not-her-password");
    await visitor.getByRole("alert").getByText("Wrong e-mail or password.").waitFor();
    await failed.waitFor();
    const took = Math.round((await appeared) - answered);
    assert.ok(!Number.isNaN(took), "the failed login was a row");
    t.diagnostic(`the failed login was on the page ${took} ms after the form's answer`);

    await toasted;
    assert.match((await failed.textContent()) ?? "", /Ada Lindqvist[\s\S]*401/);
    await dashboard.untilCards({ Failed: "1" });
    assert.ok(Number(await dashboard.card("Activities")) > total, "the total moved");
    assert.match(await dashboard.card("Success"), /^\d\d\.\d%$/);

    await logIn(visitor, example.url, email, password);
    await visitor.getByText("Hello, Ada Lindqvist!").waitFor();
    await dashboard.rowWith("signed in").filter({ hasText: "303" }).waitFor();

    await visitor.getByLabel("Message").fill("Is anybody there?");
    await visitor.getByRole("button", { name: "Send" }).click();
    await visitor.getByText("Is anybody there?", { exact: true }).last().waitFor();
    await dashboard.rowWith("sent a chat message").waitFor();

    for (const [what, row] of Object.entries({
      "the failed login": failed,
      "the login": dashboard.rowWith("signed in").filter({ hasText: "303" }),
      "the new session": dashboard.rowWith("started session"),
      "the message": dashboard.rowWith("sent a chat message"),
    })) {
      assert.equal(await row.count(), 1, what);
    }
    assert.equal(loads(), 0, "the page was not loaded again");
  } finally {
    await example.close();
  }
});

/**
 * Answers with the moment of the form's answer, in epoch milliseconds.
 * @param {Page} page
 * @param {string} url
 * @param {string} email
 * @param {string} password
 */
async function logIn(page, url, email, password) {
  await page.goto(`${url}/login`);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(password);
  const answer = page.waitForResponse((response) => response.request().method() === "POST");
  await page.getByRole("button", { name: "Log in" }).click();
  const timing = (await answer).request().timing();
  return timing.startTime + timing.responseStart;
}

/**
 * The moment, in epoch milliseconds, at which the text stands in a row: seen by the page itself, since asking from
 * outside would add its own delay. Not a number when that does not happen.
 * @param {Page} page
 * @param {string} text
 * @returns {Promise<number>}
 */
function whenARowSays(page, text) {
  return page.evaluate(
    ([wanted, withinMs]) =>
      new Promise((resolve) => {
        setTimeout(resolve, withinMs, Number.NaN);
        const look = () => {
          const rows = [...document.querySelectorAll("[data-activity]")];
          if (!rows.some((row) => row.textContent?.includes(wanted))) return;
          observer.disconnect();
          resolve(performance.timeOrigin + performance.now());
        };
        const observer = new MutationObserver(look);
        observer.observe(document.body, { childList: true, subtree: true, characterData: true });
      }),
    /** @type {const} */ ([text, 60_000]),
  );
}

/** @param {Page} page */
function countLoads(page) {
  let loads = 0;
  page.on("load", () => {
    loads += 1;
  });
  return () => loads;
}
