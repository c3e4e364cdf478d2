// @ts-check
import assert from "node:assert/strict";
import { chatMessage, failedLogin, login } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { eventually } from "../harness/eventually.mjs";
import { scenario } from "../harness/scenario.mjs";

/** More than a page of failures, each with a duration of its own, between others that do not match. */
const activities = () =>
  Array.from({ length: 25 }, (_, n) => [failedLogin({ duration_ms: 10 + n }), login(), chatMessage()]).flat();

/** @param {string} line of CSV, in which some cells are quoted */
const cellsOf = (line) => [...line.matchAll(/(?:^|,)("(?:[^"]|"")*"|[^,]*)/g)].map(([, cell]) => cell);

scenario(
  "an export has the filter and the order of the list, and every page",
  async ({ server, browser }) => {
    await server.post(...activities());
    const dashboard = await Dashboard.signIn(await browser.newPage(), server);
    const view = "success_filter=failure&sort_by=duration_ms&sort_order=asc";
    await dashboard.show(`${view}&limit=20&page=2`);
    await eventually(async () => assert.equal(await dashboard.rows.count(), 5));
    const { data } = await server.list(`${view}&limit=100`);
    const expected = data.map(({ id }) => id);
    assert.equal(expected.length, 25);

    const csv = await dashboard.export("CSV");
    assert.match(csv.name, /^livetrail-activity-.+\.csv$/);
    const [heading = "", ...rows] = csv.lines;
    const column = heading.split(",").indexOf("id");
    assert.deepEqual(
      rows.map((row) => cellsOf(row)[column]),
      expected,
    );

    const ndjson = await dashboard.export("NDJSON");
    assert.match(ndjson.name, /\.ndjson$/);
    assert.deepEqual(
      ndjson.lines.map((line) => JSON.parse(line).id),
      expected,
    );
  },
);

scenario("there is no export of nothing", async ({ server, browser }) => {
  const dashboard = await Dashboard.signIn(await browser.newPage(), server);
  await dashboard.show("q=nobody-is-called-that");
  const button = dashboard.page.getByRole("button", { name: "Export", disabled: true });
  await button.waitFor();
  assert.equal(await button.getAttribute("title"), "Nothing to export: no activity matches");
});
