// @ts-check
/** The real binary with a log of its own, used as an operator would: by flags, the command line and HTTP. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Program } from "./process.mjs";

const run = promisify(execFile);
const BINARY =
  process.env.LIVETRAIL_BINARY ?? new URL("../../target/release/livetrail", import.meta.url).pathname;

// Whatever the developer's shell configures would be configured here as well.
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(LIVETRAIL_|DATABASE_URL$|JWT_SECRET_KEY$)/.test(name)),
);

/** @typedef {Record<string, unknown>} NewActivity */
/** @typedef {{ id: string, position: number, action_type: string, success: boolean }} Activity */
/** @typedef {{ data: Activity[], total: number, stats: Record<string, number> }} ActivityList */

export class Server {
  /** @type {Map<string, string>} One key for each role: the server would count new ones as new users. */
  #keys = new Map();
  /** @type {Program | null} */
  #program = null;
  /** What its former lives said. */
  #log = "";

  /**
   * @param {string} folder
   * @param {string[]} flags
   */
  constructor(folder, flags) {
    this.folder = folder;
    this.flags = flags;
    this.url = "";
  }

  /** @param {string[]} flags further flags of `serve` */
  static async start(...flags) {
    const server = new Server(await mkdtemp(join(tmpdir(), "livetrail-e2e-")), flags);
    await server.#listen("127.0.0.1:0");
    return server;
  }

  /** @param {string} address */
  async #listen(address) {
    const parameters = ["serve", "--listen", address, "--data-dir", this.folder, ...this.flags];
    this.#program = await Program.start(BINARY, parameters, environment);
    this.url = this.#program.address;
  }

  /** @param {string[]} parameters */
  async #command(...parameters) {
    const { stdout } = await run(BINARY, [...parameters, "--data-dir", this.folder], { env: environment });
    return stdout.trim();
  }

  /**
   * Runs what the dashboard or a document tells people to type.
   * @param {string} command
   * @param {Record<string, string>} variables
   */
  async shell(command, variables) {
    await run("bash", ["-c", command], { env: { ...environment, ...variables } });
  }

  /**
   * Lets a user of the application read the log, with the application's own tokens.
   * @param {string} userId
   */
  async addAdmin(userId) {
    await this.#command("admin", "add", userId);
  }

  /** A link that signs in, once. */
  link() {
    return this.#command("admin", "link");
  }

  /** @param {"writer" | "viewer" | "admin"} role */
  async key(role) {
    const key =
      this.#keys.get(role) ?? (await this.#command("key", "create", "--role", role, "--name", role));
    this.#keys.set(role, key);
    return key;
  }

  /**
   * A key that reads one tenant only.
   * @param {string} tenant
   */
  tenantKey(tenant) {
    return this.#command("key", "create", "--role", "viewer", "--name", tenant, "--tenant", tenant);
  }

  /**
   * Stores activities in one go.
   * @param {NewActivity[]} activities
   * @returns {Promise<{ id: string, position: number }[]>}
   */
  append(...activities) {
    return this.appendText(JSON.stringify(activities));
  }

  /**
   * Stores activities as they are written, for what JavaScript would write differently.
   * @param {string} json
   * @returns {Promise<{ id: string, position: number }[]>}
   */
  async appendText(json) {
    const { results } = await this.#call("writer", "/api/activity", json);
    return results;
  }

  /**
   * Stores activities in one go and answers with their ids.
   * @param {NewActivity[]} activities
   * @returns {Promise<string[]>}
   */
  async post(...activities) {
    return (await this.append(...activities)).map(({ id }) => id);
  }

  /**
   * A page of the log, newest first.
   * @param {string} [query]
   * @returns {Promise<ActivityList>}
   */
  list(query = "") {
    return this.#call("viewer", `/api/admin/activity${query && `?${query}`}`);
  }

  /**
   * @param {"writer" | "viewer"} role
   * @param {string} path
   * @param {string} [body]
   */
  async #call(role, path, body) {
    const headers = { Authorization: `Bearer ${await this.key(role)}`, "Content-Type": "application/json" };
    const answer = await fetch(this.url + path, { method: body ? "POST" : "GET", headers, body });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }

  async kill() {
    await this.#program?.kill();
    this.#forget();
  }

  /** Asks it to stop and insists that it does so in order. */
  async stop() {
    const ended = await this.#program?.stop();
    this.#forget();
    assert.equal(ended, "0", `asked to stop, it ended with ${ended}:\n${this.log}`);
  }

  #forget() {
    this.#log = this.log;
    this.#program = null;
  }

  /** Starts it again where it was: the same folder, the same port. */
  restart() {
    return this.#listen(new URL(this.url).host);
  }

  /** What it said on standard error, over all its lives. */
  get log() {
    return this.#log + (this.#program?.log ?? "");
  }

  /** Stops it for good. */
  async close() {
    try {
      await this.stop();
    } finally {
      await rm(this.folder, { recursive: true, force: true });
    }
  }
}
