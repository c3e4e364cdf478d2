// @ts-check
/** The dashboard in the words of its users. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { eventually } from "./eventually.mjs";

/** @typedef {import("playwright-core").Page} Page */

export class Dashboard {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.badge = page.locator("header [data-live]");
    this.cards = page.getByLabel("Statistics");
    this.table = page.getByRole("table", { name: "Activities" });
    this.toasts = page.getByRole("region", { name: "New activity" });
    this.pill = page.getByRole("button", { name: /newer/ });
    this.drawer = page.locator("dialog");
    this.filters = page.getByRole("search");
    this.histogram = page.getByRole("listbox", { name: "Activities over time" });
    this.bars = this.histogram.getByRole("option");
    /** The field of the bar, in which filters are typed. */
    this.field = this.filters.getByRole("combobox");
    /** Table rows, or cards where the screen is narrow: each stands for one activity. */
    this.rows = page.locator("[data-activity]");
  }

  /**
   * Signs in by a one-time link and waits for the stream.
   * @param {Page} page
   * @param {import("./server.mjs").Server} server
   * @param {import("./network.mjs").Network} [network] what the page reaches the server by
   */
  static async signIn(page, server, network) {
    const dashboard = new Dashboard(page);
    const link = await server.link();
    await page.goto(network?.through(link) ?? link);
    await dashboard.untilLive();
    return dashboard;
  }

  /**
   * Types a filter into the bar, and enters it.
   * @param {string} text such as `result:failed`
   */
  async enter(text) {
    await this.field.fill(text);
    await this.field.press("Enter");
  }

  /** @param {string} words what a token of the bar says in full, such as "action not user_login" */
  token(words) {
    return this.filters.getByRole("button", { name: `Edit filter ${words}`, exact: true });
  }

  /** @param {string} query the view, as it stands in the address */
  async show(query) {
    const { origin } = new URL(this.page.url());
    await this.page.goto(`${origin}/admin/activity${query && `?${query}`}`);
    // A page of the past, or one beside which something is open, is not live: its badge says what it is.
    await this.page.locator("header :is([data-live=good], [data-live=rest])").waitFor();
  }

  /** Waits until the stream is open, whether new rows enter this view or are counted only. */
  untilLive() {
    return this.page.locator('header [data-live="good"], header [data-live="rest"]').waitFor();
  }

  /**
   * Waits until the address says so; null: it does not name the parameter.
   * @param {Record<string, string | null>} expected
   */
  untilAddress(expected) {
    return this.page.waitForURL(({ searchParams }) =>
      Object.entries(expected).every(([name, value]) => searchParams.get(name) === value),
    );
  }

  /** @param {string} id */
  row(id) {
    return this.page.locator(`[data-activity="${id}"]`);
  }

  /** @param {string | RegExp} text */
  rowWith(text) {
    return this.rows.filter({ hasText: text });
  }

  /** Ids from top to bottom. */
  ids() {
    return this.rows.evaluateAll((rows) => rows.map((row) => row.getAttribute("data-activity")));
  }

  /**
   * Waits until these are the rows: cards and rows come by requests of their own, in any order.
   * @param {string[]} expected ids from top to bottom
   * @param {string} [message]
   */
  untilIds(expected, message) {
    return eventually(async () => assert.deepEqual(await this.ids(), expected, message));
  }

  /**
   * What a card says, such as "1,204" or "98.5%".
   * @param {string} label
   */
  async card(label) {
    const name = this.page.getByText(label, { exact: true });
    const card = this.cards.getByRole("button").filter({ has: name });
    return (await card.locator("[data-value]").textContent()) ?? "";
  }

  /** @param {Record<string, string>} expected by label */
  untilCards(expected) {
    return eventually(async () => {
      for (const [label, value] of Object.entries(expected)) {
        assert.equal(await this.card(label), value, label);
      }
    });
  }

  /**
   * Downloads an export and returns its lines.
   * @param {"CSV" | "NDJSON"} form
   */
  async export(form) {
    await this.page.getByRole("button", { name: /^Export/ }).click();
    const dialog = this.page.getByRole("dialog", { name: "Export" });
    if (form !== "CSV") await dialog.getByRole("button", { name: form }).click();
    const button = dialog.getByRole("button", { name: "Download" });
    const [download] = await Promise.all([this.page.waitForEvent("download"), button.click()]);
    await dialog.getByRole("button", { name: "Close" }).click();
    const text = await readFile(await download.path(), "utf8");
    return { name: download.suggestedFilename(), lines: text.trimEnd().split(/\r?\n/) };
  }

  /** The width of what would have to be scrolled to be seen, in pixels. */
  overflow() {
    return this.page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
  }
}
