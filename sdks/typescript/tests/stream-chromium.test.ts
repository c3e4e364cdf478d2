/** Tabs of a real browser, with the hook in a page and the route of an application. */
import { build } from "vite";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { Livetrail } from "../src/index.js";
import { streamRoute } from "../src/next.js";
import { CHROMIUM, Chromium, INSECURE_HOST, type Page } from "./support/chromium.js";
import { BINARY, LivetrailBinary } from "./support/livetrail-binary.js";
import { RouteServer } from "./support/route-server.js";
import { SseServer } from "./support/sse-server.js";

const until = (fact: () => Promise<void>) => vi.waitFor(fact, { timeout: 45_000, interval: 50 });
const downFrom = (newest: number) => Array.from({ length: newest }, (_, index) => newest - index);

let script = "";

/** The application: its page, the script of that page, and the log. */
function application(url: string, key = "k"): Promise<RouteServer> {
  const log = streamRoute({ authorize: () => true, url, key });
  return RouteServer.start(async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === "/api/activity") return log(request);
    if (pathname === "/page.js")
      return new Response(script, { headers: { "content-type": "text/javascript" } });
    const html =
      '<!doctype html><link rel="icon" href="data:,"><body><script type="module" src="/page.js"></script>';
    return new Response(html, { headers: { "content-type": "text/html" } });
  });
}

const shows = (page: Page, newest: number) =>
  until(async () => expect(await page.value("window.shown?.positions")).toEqual(downFrom(newest)));
const live = (page: Page) => until(async () => expect(await page.value("window.shown?.status")).toBe("live"));

describe.skipIf(!CHROMIUM)("tabs of Chromium", () => {
  beforeAll(async () => {
    const entry = new URL("support/log-page.ts", import.meta.url).pathname;
    const built = await build({
      configFile: false,
      logLevel: "silent",
      define: { "process.env.NODE_ENV": '"development"' },
      build: { write: false, minify: false, lib: { entry, formats: ["es"], fileName: "page" } },
    });
    const [{ output }] = built as unknown as [{ output: [{ code: string }] }];
    script = output[0].code;
  }, 60_000);

  it("share one connection, and hand it over without a gap when its tab closes or freezes", {
    timeout: 180_000,
  }, async () => {
    await using server = await SseServer.start();
    await using app = await application(server.origin);
    await using browser = await Chromium.start();
    server.append(1, 2, 3);
    const pages: Page[] = [];
    for (let tab = 0; tab < 3; tab += 1) {
      const page = await browser.open(app.origin);
      await live(page);
      await shows(page, 3);
      pages.push(page);
    }
    expect(server.visits).toHaveLength(1);
    server.append(4);
    for (const page of pages) await shows(page, 4);

    await pages[0]?.close();
    server.append(5);
    for (const page of pages.slice(1)) await shows(page, 5);
    await until(async () => expect(server.openStreams).toBe(1));

    // From now on the leader counts as frozen after two and a half seconds of silence; it connects anew when it has understood.
    server.push('id: e-5\ndata: {"type":"connected","heartbeat_seconds":1}\n\n');
    await server.arrived(server.visits.length + 1);
    await pages[1]?.freeze();
    server.append(6);
    for (const page of pages.slice(2)) await shows(page, 6);
    await pages[1]?.thaw();
    server.append(7);
    for (const page of pages.slice(1)) await shows(page, 7);
    await until(async () => expect(server.openStreams).toBe(1));
  });

  it("have a connection each where the page is not a secure context", { timeout: 180_000 }, async () => {
    await using server = await SseServer.start();
    await using app = await application(server.origin);
    await using browser = await Chromium.start();
    server.append(1);
    const origin = app.origin.replace("127.0.0.1", INSECURE_HOST);
    const pages = [await browser.open(origin), await browser.open(origin)];
    for (const page of pages) await live(page);
    expect(await pages[0]?.value("isSecureContext")).toBe(false);
    server.append(2);
    for (const page of pages) await shows(page, 2);
    expect(server.openStreams).toBe(2);
  });

  it.skipIf(!BINARY)(
    "show everything once and in order, over a crash of the real server",
    {
      timeout: 180_000,
    },
    async () => {
      await using server = await LivetrailBinary.start();
      const client = new Livetrail({ url: server.url, key: server.key("writer"), onError: () => {} });
      let last = 0;
      const record = (count: number) => {
        for (const end = last + count; last < end; ) {
          client.record({ userId: "u", action: "numbered", details: { number: ++last } });
        }
        return client.flush(20_000);
      };
      await using app = await application(server.url, server.key("viewer"));
      await using browser = await Chromium.start();
      await record(10);
      const pages = [await browser.open(app.origin), await browser.open(app.origin)];
      const recording = record(200);
      for (const page of pages) {
        await live(page);
        // A list that is read only after the crash has just its last page of what was recorded before.
        await until(async () => expect(await page.value("window.shown.numbers.length")).toBeGreaterThan(0));
      }
      await recording;
      await server.kill();
      await server.restart();
      await record(100);
      for (const page of pages) {
        await until(async () => expect(await page.value("window.shown.numbers[0]")).toBe(310));
        const numbers = await page.value<number[]>("window.shown.numbers");
        expect(numbers).toEqual(downFrom(310).slice(0, numbers.length));
        // Those since the list was read, before the crash, are among them.
        expect(numbers.length).toBeGreaterThan(100);
      }
      await client.close();
    },
  );
});
