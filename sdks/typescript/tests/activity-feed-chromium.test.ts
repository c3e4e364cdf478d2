/** The component in a page of a real browser, whose policy allows nothing but its own files. */
import { build } from "vite";
import { describe, expect, it, vi } from "vitest";
import { streamRoute } from "../src/next.js";
import { CHROMIUM, Chromium, type Page } from "./support/chromium.js";
import { RouteServer } from "./support/route-server.js";
import { SseServer } from "./support/sse-server.js";

const until = (fact: () => Promise<void>) => vi.waitFor(fact, { timeout: 45_000, interval: 50 });
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'";

async function built(): Promise<Record<string, string>> {
  const entry = new URL("support/feed-page.tsx", import.meta.url).pathname;
  const result = await build({
    configFile: false,
    logLevel: "silent",
    define: { "process.env.NODE_ENV": '"development"' },
    build: { write: false, lib: { entry, formats: ["es"], fileName: "page", cssFileName: "page" } },
  });
  const [{ output }] = result as unknown as [{ output: { code?: string; source?: string }[] }];
  const [script, style] = [
    output.find(({ code }) => code)?.code,
    output.find(({ source }) => source)?.source,
  ];
  return { "/page.js": script ?? "", "/page.css": style ?? "" };
}

async function application(server: SseServer): Promise<RouteServer> {
  const files = await built();
  const log = streamRoute({ authorize: () => true, url: server.origin, key: "k" });
  const types: Record<string, string> = { js: "text/javascript", css: "text/css" };
  return RouteServer.start(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/activity") return log(request);
    const file = files[pathname];
    const type = types[pathname.split(".").at(-1) ?? ""];
    if (file && type) return new Response(file, { headers: { "content-type": type } });
    const html =
      '<!doctype html><link rel="stylesheet" href="/page.css"><div id="root"></div><script type="module" src="/page.js"></script>';
    return new Response(html, {
      headers: { "content-type": "text/html", "content-security-policy": POLICY },
    });
  });
}

const sentences = (page: Page) =>
  page.value<string[]>(
    "[...document.querySelectorAll('.livetrail-sentence')].map((button) => button.textContent)",
  );

describe.skipIf(!CHROMIUM)("the component in Chromium", () => {
  it("shows rows of one line with their details, under a policy without inline styles", {
    timeout: 120_000,
  }, async () => {
    await using server = await SseServer.start();
    await using app = await application(server);
    await using browser = await Chromium.start();
    const long = "word ".repeat(200);
    server.appendWith(1, { success: false, error_message: long, details: { a: { b: [1, "two"] } } });
    const page = await browser.open(app.origin);
    await until(async () => expect(await sentences(page)).toEqual(["activity 1"]));
    await until(async () =>
      expect(await page.value("document.querySelector('.livetrail-badge').textContent")).toBe("Live"),
    );
    server.append(2);
    await until(async () => expect(await sentences(page)).toEqual(["activity 2", "activity 1"]));

    const heights = "[...document.querySelectorAll('.livetrail-row')].map((row) => row.offsetHeight)";
    expect(await page.value(heights)).toEqual([36, 36]);
    await page.value("document.querySelectorAll('.livetrail-sentence')[1].click()");
    const depths =
      "[...document.querySelectorAll('[role=treeitem]')].map((row) => getComputedStyle(row).paddingLeft)";
    await until(async () => expect(await page.value(depths)).toEqual(["22px", "36px", "50px", "50px"]));
    expect(await page.value("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    expect(await page.value("window.refused")).toEqual([]);
    expect(await page.value("document.querySelectorAll('[style]').length")).toBe(0);
  });
});
