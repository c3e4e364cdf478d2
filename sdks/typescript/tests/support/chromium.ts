/** A real browser, driven over a pipe by the DevTools protocol. Tests that need it are skipped where there is none. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Readable, Writable } from "node:stream";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
const folders = (process.env.PATH ?? "").split(delimiter);

/** Where Chromium is; `CHROMIUM` names another one. */
export const CHROMIUM =
  process.env.CHROMIUM ??
  NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);

/** A name of this machine that is not a secure context, as addresses of loopback are. */
export const INSECURE_HOST = "insecure.test";

const ARGUMENTS = [
  `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`,
  "--disable-features=HttpsUpgrades",
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-sync",
];

interface Answer {
  id?: number;
  result?: Record<string, unknown>;
  error?: { message: string };
}

export class Chromium {
  readonly #folder = mkdtempSync(join(tmpdir(), "livetrail-chromium-"));
  readonly #process: ChildProcess;
  readonly #asked = new Map<number, (answer: Answer) => void>();
  #count = 0;
  #text = "";

  private constructor() {
    const options = [...ARGUMENTS, "--remote-debugging-pipe", `--user-data-dir=${this.#folder}`];
    this.#process = spawn(CHROMIUM ?? "", options, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    (this.#process.stdio[4] as Readable).setEncoding("utf8").on("data", (text) => this.#read(text));
  }

  static async start(): Promise<Chromium> {
    const chromium = new Chromium();
    await chromium.ask("Browser.getVersion");
    return chromium;
  }

  async open(url: string): Promise<Page> {
    const { targetId } = await this.ask("Target.createTarget", { url });
    const { sessionId } = await this.ask("Target.attachToTarget", { targetId, flatten: true });
    return new Page(this, String(targetId), String(sessionId));
  }

  async ask(method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> {
    const id = ++this.#count;
    const answered = new Promise<Answer>((resolve) => this.#asked.set(id, resolve));
    const message = JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) });
    (this.#process.stdio[3] as Writable).write(`${message}\0`);
    const { result, error } = await answered;
    if (error) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#process, "exit");
    await this.ask("Browser.close");
    await exited;
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Messages end with NUL. */
  #read(text: string): void {
    const messages = (this.#text + text).split("\0");
    this.#text = messages.pop() ?? "";
    for (const message of messages) {
      const answer = JSON.parse(message) as Answer;
      if (answer.id !== undefined) this.#asked.get(answer.id)?.(answer);
    }
  }
}

export class Page {
  readonly #browser: Chromium;
  readonly #target: string;
  readonly #session: string;

  constructor(browser: Chromium, target: string, session: string) {
    this.#browser = browser;
    this.#target = target;
    this.#session = session;
  }

  /** The value of an expression in the page. */
  async value<T>(expression: string): Promise<T> {
    const parameters = { expression, returnByValue: true, awaitPromise: true };
    const { result } = await this.#browser.ask("Runtime.evaluate", parameters, this.#session);
    return (result as { value: T }).value;
  }

  async freeze(): Promise<void> {
    await this.#browser.ask("Page.setWebLifecycleState", { state: "frozen" }, this.#session);
  }

  async thaw(): Promise<void> {
    await this.#browser.ask("Page.setWebLifecycleState", { state: "active" }, this.#session);
  }

  async close(): Promise<void> {
    await this.#browser.ask("Target.closeTarget", { targetId: this.#target });
  }
}
