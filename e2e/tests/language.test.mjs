// @ts-check
import { failedLogin, login } from "../harness/activities.mjs";
import { Dashboard } from "../harness/dashboard.mjs";
import { scenario } from "../harness/scenario.mjs";

scenario(
  "the page speaks the first language of the browser that it knows, or the one that is chosen",
  async ({ server, browser }) => {
    const [ada] = await server.post(login({ user_id: "ada" }), failedLogin({ user_id: "ben" }));
    const page = await browser.newPage();
    const dashboard = await Dashboard.signIn(page, server);
    await page.locator("html[lang=de]").waitFor();
    await page
      .getByLabel("Statistik")
      .getByRole("button", { name: /^Fehlgeschlagen: 1,/ })
      .waitFor();
    await dashboard.row(ada).getByText("hat sich angemeldet").waitFor();

    // A filter is understood in German and in English.
    await dashboard.enter("ergebnis:fehlgeschlagen");
    await dashboard.untilAddress({ success_filter: "failure" });
    await page.goto(`${server.url}/admin/settings`);
    await page.getByLabel("Sprache").selectOption("da");
    await page.locator("html[lang=da]").waitFor();
    await page.getByText("Indstillinger ændres dér, hvor serveren startes.").waitFor();
    await page.getByLabel("Sprog").selectOption("en");
    await page.locator("html[lang=en]").waitFor();
    await page.getByText("Settings are changed where the server is started.").waitFor();
  },
  { locale: "de-DE" },
);
