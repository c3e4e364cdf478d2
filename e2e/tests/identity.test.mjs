// @ts-check
import assert from "node:assert/strict";
import { login } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { scenario } from "../harness/scenario.mjs";

scenario(
  "a user id that turns text around looks like no other, and the mark of an admin stays beside it",
  async (world) => {
    const { server, browser } = world;
    const [forged, hebrew] = await server.post(
      login({ user_id: "ada\u202Enimda", is_admin: true }),
      login({ user_id: "\u05E9\u05E8\u05D4", is_admin: true }),
    );
    const dashboard = await Dashboard.signIn(await browser.newPage(), server);
    assert.match((await dashboard.row(forged).textContent()) ?? "", /adaU\+202Enimda/);
    for (const id of [forged, hebrew]) {
      const cell = dashboard.row(id).getByRole("cell").nth(1);
      const name = await cell.locator("bdi bdi").first().boundingBox();
      const mark = await cell.getByTitle("Admin", { exact: true }).boundingBox();
      assert.ok(name && mark && mark.x >= name.x + name.width, `the mark follows the name in ${id}`);
    }
  },
);
