// @ts-check
import assert from "node:assert/strict";
import { login } from "../harness/activities.mjs";
import { assertNoViolations } from "../harness/axe.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { eventually } from "../harness/eventually.mjs";
import { scenario } from "../harness/scenario.mjs";

scenario(
  "the keyboard alone finds a page, a filter and a person, and reads times in UTC on all of them",
  async ({ server, browser }) => {
    const [id] = await server.post(
      login({ user_id: "ada", timestamp: "2026-01-15T23:30:05.125Z" }),
      login({ user_id: "milo", status_code: 404, timestamp: "2026-01-15T22:00:00Z" }),
    );
    const dashboard = await Dashboard.signIn(await browser.newPage(), server);
    const { page } = dashboard;
    await dashboard.show("user_id=ada,milo");
    const time = dashboard.row(id ?? "").locator("time");
    const day = page.getByRole("row", { name: /January/ });
    await eventually(async () => assert.equal(await time.textContent(), "08:30:05.125"));
    await page.getByRole("row", { name: /16 January/ }).waitFor();
    await page.keyboard.press("u");
    await eventually(async () => assert.equal(await time.textContent(), "23:30:05.125"));
    assert.match((await day.first().textContent()) ?? "", /15 January/);
    await page.getByRole("button", { name: "Times: UTC" }).waitFor();

    const field = page.getByRole("combobox", { name: "Find a command" });
    /** @param {string} text */
    const find = async (text) => {
      await page.keyboard.press("Control+k");
      await field.waitFor();
      await page.keyboard.type(text);
    };
    await find("status");
    await page.getByRole("option", { name: "status …" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("option", { name: /status 404/ }).waitFor();
    await page.keyboard.type("404");
    await page.keyboard.press("Enter");
    await dashboard.untilAddress({ status: "404", user_id: "ada,milo" });

    await find("ada");
    await page.getByRole("option", { name: /^ada/ }).first().waitFor();
    await assertNoViolations(page);
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname === "/admin/people/ada");
    await page.getByRole("list", { name: "Activities", exact: true }).getByText("23:30:05.125").waitFor();

    await find("sessions");
    await page.keyboard.press("Enter");
    await page.waitForURL((url) => url.pathname === "/admin/sessions");
  },
  { timezoneId: "Asia/Tokyo", locale: "en-GB", reducedMotion: "reduce" },
);
