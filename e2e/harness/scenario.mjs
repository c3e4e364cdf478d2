// @ts-check
/** A test that has a server and a browser of its own. */
import { after, test } from "node:test";
import { Browser, quit } from "./browser.mjs";
import { Server } from "./server.mjs";

/** Nothing here takes more than some seconds; the example's first start installs its packages. */
const LIMIT_MS = 180_000;

after(quit);

/**
 * @typedef {object} World
 * @property {Server} server
 * @property {Browser} browser
 * @property {import("node:test").TestContext} t
 */

/**
 * @param {string} name
 * @param {(world: World) => Promise<void>} body
 * @param {import("./browser.mjs").Look} [look]
 * @param {string[]} [flags] further flags of `serve`
 */
export function scenario(name, body, look, flags = []) {
  test(name, { timeout: LIMIT_MS }, async (t) => {
    const server = await Server.start(...flags);
    try {
      await watch(server, look, (browser) => body({ server, browser, t }));
    } finally {
      await server.close();
    }
  });
}

/**
 * @param {Server} server
 * @param {import("./browser.mjs").Look | undefined} look
 * @param {(browser: Browser) => Promise<void>} body
 */
async function watch(server, look, body) {
  const browser = await Browser.open(look);
  try {
    await body(browser);
    browser.assertNoTrouble();
  } catch (error) {
    console.error(`${await browser.evidence()}\n${server.log}`);
    throw error;
  } finally {
    await browser.close();
  }
}
