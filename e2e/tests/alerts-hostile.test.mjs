// @ts-check
import assert from "node:assert/strict";
import { failedLogin } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { scenario } from "../harness/scenario.mjs";

const SCRIPT = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
/** As long as an id may be, without any place to break it. */
const FORGED = `${SCRIPT}\u202Enimda${"x".repeat(178)}`;
const LOOKS = [
  { viewport: { width: 1440, height: 900 } },
  { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
];

for (const look of LOOKS) {
  const { width } = look.viewport;
  scenario(
    `an alert about a user whose id is hostile and long says it and does nothing else, ${width} wide`,
    async ({ server, browser }) => {
      await server.key("writer");
      const dashboard = await Dashboard.signIn(await browser.newPage(), server);
      const { page, drawer } = dashboard;
      await server.post(...Array.from({ length: 10 }, () => failedLogin({ user_id: FORGED })));
      const notice = page.locator("[data-notice]").filter({ hasText: "Many failed sign-ins of one user" });
      await notice.getByText(SCRIPT).waitFor();
      assert.equal(await dashboard.overflow(), 0, "with the notice");
      await notice.getByRole("link", { name: "Show" }).click();

      const head = drawer.getByRole("heading", { name: "Many failed sign-ins of one user" }).locator("..");
      await head.getByText(SCRIPT).waitFor();
      await drawer.getByText("raised it").waitFor();
      const { height } = /** @type {{ height: number }} */ (await head.boundingBox());
      assert.ok(height < 200, `what it is about is ${height} px high`);
      const whole = drawer.getByRole("definition").filter({ hasText: SCRIPT });
      assert.equal(await whole.textContent(), FORGED.replace("\u202E", "U+202E"));
      assert.equal(await dashboard.overflow(), 0, "with the alert open");

      await page.goto(`${server.url}/alerts?rule=failed-sign-ins`);
      const row = page.locator("[data-row]").filter({ hasText: "U+202E" });
      await row.waitFor();
      const box = /** @type {{ height: number }} */ (await row.boundingBox());
      assert.ok(box.height < 100, `its row is ${box.height} px high`);
      assert.equal(await dashboard.overflow(), 0, "the list");
      assert.match(await page.title(), /Alerts/);
    },
    look,
  );
}
