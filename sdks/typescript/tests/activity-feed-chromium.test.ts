/** The component in a page of a real browser, whose policy allows nothing but its own files. */
import axe from "axe-core";
import { build } from "vite";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { Livetrail } from "../src/index.js";
import { streamRoute } from "../src/next.js";
import { CHROMIUM, Chromium, type Page } from "./support/chromium.js";
import { BINARY, LivetrailBinary } from "./support/livetrail-binary.js";
import { RouteServer } from "./support/route-server.js";
import { SseServer } from "./support/sse-server.js";

const until = (fact: () => Promise<void>) => vi.waitFor(fact, { timeout: 45_000, interval: 50 });
const policyWith = (livetrail: string) =>
  `default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ${livetrail}`;

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

const HTML = `<!doctype html><link rel="stylesheet" href="/page.css"><div id="root"></div>
  <script type="module" src="/page.js"></script>`;

let files: Record<string, string> = {};
const TYPES: Record<string, string> = { js: "text/javascript", css: "text/css" };

/** Its page, a route for the log and one for tokens. `livetrail` is asked for when a request comes. */
function application(livetrail: () => { url: string; key: string }): Promise<RouteServer> {
  return RouteServer.start(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/activity") return streamRoute({ authorize: () => true, ...livetrail() })(request);
    if (pathname === "/token") return new Response(livetrail().key);
    const [file, type] = [files[pathname], TYPES[pathname.split(".").at(-1) ?? ""]];
    if (file && type) return new Response(file, { headers: { "content-type": type } });
    const headers = { "content-type": "text/html", "content-security-policy": policyWith(livetrail().url) };
    return new Response(HTML, { headers });
  });
}

const sentences = (page: Page) =>
  page.value<string[]>(
    "[...document.querySelectorAll('.livetrail-sentence')].map((button) => button.textContent)",
  );

const badge = (page: Page) => page.value<string>("document.querySelector('.livetrail-badge')?.textContent");
const live = (page: Page) => until(async () => expect(await badge(page)).toBe("Live"));

const violations = (page: Page) =>
  page.value<
    string[]
  >(`axe.run(".livetrail-feed").then(({ violations }) => violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => [id, html, failureSummary].join(" "))))`);

describe.skipIf(!CHROMIUM)("the component in Chromium", () => {
  beforeAll(async () => {
    files = await built();
  }, 60_000);

  it("shows rows of one line with their details, under a policy without inline styles", {
    timeout: 120_000,
  }, async () => {
    await using server = await SseServer.start();
    await using app = await application(() => ({ url: server.origin, key: "k" }));
    await using browser = await Chromium.start();
    const long = "word ".repeat(200);
    server.appendWith(1, { success: false, error_message: long, details: { a: { b: [1, "two"] } } });
    const page = await browser.open(app.origin);
    await until(async () => expect(await sentences(page)).toEqual(["activity 1"]));
    await live(page);
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

  it("holds new rows while the first ones are scrolled out of view or pointed at, but for no finger", {
    timeout: 120_000,
  }, async () => {
    await using server = await SseServer.start();
    await using app = await application(() => ({ url: server.origin, key: "k" }));
    await using browser = await Chromium.start();
    server.append(...Array.from({ length: 50 }, (_, index) => index + 1));
    const page = await browser.open(app.origin);
    await live(page);
    await page.value("scrollTo(0, 400)");
    await until(async () => expect(await badge(page)).toBe("Held"));
    server.append(51);
    await until(async () =>
      expect(await page.value("document.querySelector('.livetrail-newer')?.textContent")).toBe("Show 1 new"),
    );
    expect((await sentences(page))[0]).toBe("activity 50");
    await page.value("scrollTo(0, 0)");
    await until(async () => expect((await sentences(page))[0]).toBe("activity 51"));
    await live(page);
    const point = (pointerType: string) => {
      const event = `new PointerEvent("pointermove", { bubbles: true, pointerType: "${pointerType}" })`;
      return page.value(`document.querySelector(".livetrail-row").dispatchEvent(${event})`);
    };
    await point("touch");
    server.append(52);
    await until(async () => expect((await sentences(page))[0]).toBe("activity 52"));
    await point("mouse");
    await until(async () => expect(await badge(page)).toBe("Held"));
  });

  it.each(["light", "dark"])("gives axe nothing to find, %s", { timeout: 120_000 }, async (theme) => {
    await using server = await SseServer.start();
    await using app = await application(() => ({ url: server.origin, key: "k" }));
    await using browser = await Chromium.start();
    server.append(1);
    server.appendWith(2, {
      user_display_name: "ada\u202Enimda",
      description: "ada⟨U+202E⟩nimda deleted a.pdf",
      is_admin: true,
      success: false,
      status_code: 403,
      error_message: "not the owner",
      ip_address: "203.0.113.7",
      duration_ms: 12,
      changes: { role: { from: "viewer", to: "admin" }, seats: { from: 1, to: 2 } },
      details: { a: { b: [1, "two"] } },
    });
    const page = await browser.open(`${app.origin}/?theme=${theme}`);
    await live(page);
    await page.value(axe.source);
    expect(await violations(page)).toEqual([]);
    await page.value("document.querySelector('.livetrail-sentence').click()");
    await until(async () => expect(await badge(page)).toBe("Held"));
    server.append(3);
    await until(async () =>
      expect(await page.value("document.querySelector('.livetrail-newer') !== null")).toBe(true),
    );
    expect(await violations(page)).toEqual([]);
  });

  it.skipIf(!BINARY)("asks Livetrail itself, which is of another origin", { timeout: 120_000 }, async () => {
    const livetrail = { url: "", key: "" };
    await using app = await application(() => livetrail);
    await using server = await LivetrailBinary.start(["--cors-origin", app.origin]);
    Object.assign(livetrail, { url: server.url, key: server.key("viewer") });
    const client = new Livetrail({ url: server.url, key: server.key("writer"), onError: () => {} });
    await using browser = await Chromium.start();
    const page = await browser.open(`${app.origin}/?livetrail=${server.url}`);
    await live(page);
    client.record({ userId: "ada", action: "user_login" });
    await client.flush();
    await until(async () => expect(await sentences(page)).toEqual([expect.stringContaining("ada")]));
    expect(await page.value("window.refused")).toEqual([]);
  });
});
