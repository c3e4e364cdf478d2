// @ts-check
/** Takes the README's picture: the dashboard with demo data, just after something has arrived. */
import assert from "node:assert/strict";
import { Browser, quit } from "./harness/browser.mjs";
import { Dashboard } from "./harness/dashboard.mjs";
import { eventually } from "./harness/eventually.mjs";
import { Server } from "./harness/server.mjs";

const PATH = new URL("../docs/dashboard.png", import.meta.url).pathname;
/** Enough of the present that not every row is from the demo's past; a failure is to be among the upper ones. */
const ARRIVALS = 6;
const UPPER = 10;
const PATIENCE_MS = 180_000;
const CHROME =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";

const server = await Server.start("--demo");
const browser = await Browser.open({
  viewport: { width: 1440, height: 900 },
  deviceScaleFactor: 1,
  colorScheme: "light",
  locale: "en-GB",
  // The demo's rows include this very visit, which is not to be shown as a robot's.
  userAgent: CHROME,
});
try {
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  await dashboard.rows.first().waitFor();
  const old = await dashboard.ids();
  await eventually(async () => {
    const arrived = (await dashboard.ids()).filter((id) => !old.includes(id));
    assert.ok(arrived.length >= ARRIVALS);
    const upper = (await dashboard.rows.allInnerTexts()).slice(0, UPPER);
    assert.ok(upper.some((row) => /failed/i.test(row)));
  }, PATIENCE_MS);
  await dashboard.page.screenshot({ path: PATH, animations: "disabled" });
  browser.assertNoTrouble();
  console.log(PATH);
} finally {
  await browser.close();
  await quit();
  await server.close();
}
