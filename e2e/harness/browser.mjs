// @ts-check
/** A real browser that does not look away: whatever a page complains about fails the test that caused it. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

/** @typedef {import("playwright-core").BrowserContextOptions} Look */

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
/** The page gave up a request itself, as it does with the old stream when the filter changes. */
const CANCELLED = "net::ERR_ABORTED";
/**
 * What a page complains of while there is no server, by when its connection broke: each name is one of Chromium's. The
 * last two are what it says of a WebSocket that was being opened.
 */
export const NOT_THERE = new RegExp(
  [
    "net::ERR_(CONNECTION_(REFUSED|RESET|CLOSED|ABORTED|FAILED)|SOCKET_NOT_CONNECTED|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE)",
    "Connection closed before receiving a handshake response",
    "WebSocket opening handshake (timed out|was canceled)",
  ].join("|"),
);
/** What a page complains of that is not signed in, or not any more: it learns that from each answer that was under way. */
export const SIGNED_OUT = /status of 401.*\/api\/(session|admin\/)|HTTP Authentication failed/;

function executable() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
  if (!found) throw new Error(`none of ${NAMES.join(", ")} is on the PATH; name one with CHROMIUM`);
  return found;
}

/** @type {Promise<import("playwright-core").Browser> | undefined} */
let chromiumOfThisFile;

function launched() {
  chromiumOfThisFile ??= chromium.launch({ executablePath: executable(), args: ARGUMENTS });
  return chromiumOfThisFile;
}

/** Ends the process that the tests of a file share. */
export async function quit() {
  await (await chromiumOfThisFile)?.close();
}

/** A Chromium of its own that another program may drive, too: Lighthouse wants the port of its protocol. */
export async function openWithDebugging() {
  const folder = await mkdtemp(join(tmpdir(), "livetrail-e2e-profile-"));
  const context = await chromium.launchPersistentContext(folder, {
    executablePath: executable(),
    args: [...ARGUMENTS, "--remote-debugging-port=0"],
    viewport: null,
  });
  const [port] = (await readFile(join(folder, "DevToolsActivePort"), "utf8")).split("\n");
  const close = async () => {
    await context.close();
    // Its processes may still write there for a moment.
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  };
  return { context, port: Number(port), close };
}

/** One person's browser, with cookies and storage of its own: pages opened here share their session. */
export class Browser {
  /** @type {string[]} */
  #troubles = [];
  /** @type {RegExp[]} */
  #expected = [];

  /** @param {import("playwright-core").BrowserContext} context */
  constructor(context) {
    this.context = context;
    context.on("console", (message) => {
      if (message.type() !== "error") return;
      this.#troubles.push(`console: ${message.text()} (${message.location().url})`);
    });
    context.on("weberror", (error) => this.#troubles.push(`exception: ${error.error().stack}`));
    context.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText;
      if (reason !== CANCELLED) this.#troubles.push(`request: ${reason} (${request.url()})`);
    });
  }

  /** @param {Look} look */
  static async open(look = {}) {
    const context = await (await launched()).newContext({ viewport: { width: 1440, height: 900 }, ...look });
    context.setDefaultTimeout(30_000);
    // Tests post the same activity again and again, and look for each in a row of its own.
    await context.addInitScript(() => {
      // A document without an origin has no storage.
      if (window.origin === "null" || localStorage.getItem("livetrail.folding") !== null) return;
      localStorage.setItem("livetrail.folding", "false");
    });
    return new Browser(context);
  }

  newPage() {
    return this.context.newPage();
  }

  /**
   * Says beforehand what is bound to go wrong, by a part of "console: …" or "request: …".
   * @param {RegExp[]} patterns
   */
  expectTrouble(...patterns) {
    this.#expected.push(...patterns);
  }

  assertNoTrouble() {
    const unexpected = this.#troubles.filter((trouble) => !this.#expected.some((each) => each.test(trouble)));
    assert.deepEqual(unexpected, [], "the page complained");
  }

  /** What the pages show now and their errors, for the report of a failed test. */
  async evidence() {
    const folder = await mkdtemp(join(tmpdir(), "livetrail-e2e-failed-"));
    const lines = this.#troubles.slice(-20);
    for (const [index, page] of this.context.pages().entries()) {
      const path = join(folder, `page-${index + 1}.png`);
      const taken = await page.screenshot({ path }).then(() => path, String);
      lines.push(`${page.url()}: ${taken}`);
    }
    return lines.join("\n");
  }

  close() {
    return this.context.close();
  }
}
