// @ts-check
/** A client of the live stream: a program or a page of `clients/`, which prints each message as it came. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { launch } from "./process.mjs";

/** @typedef {{ type: string, data?: import("./server.mjs").Activity }} Message */

const CLIENTS = new URL("../clients/", import.meta.url).pathname;
const PYTHON = `${CLIENTS}.venv/bin/python`;

export class Client {
  /** @type {Message[]} */
  messages = [];
  /** What it said on standard error, to be shown when a test fails. */
  log = "";
  /** @type {() => Promise<unknown>} */
  stop = async () => {};

  /**
   * A program, which finds a key in its environment.
   * @param {string} command
   * @param {string[]} parameters
   * @param {string} key
   */
  static run(command, parameters, key) {
    const client = new Client();
    const child = launch(command, parameters, { ...process.env, NO_PROXY: "*", LIVETRAIL_KEY: key });
    createInterface(child.stdout).on("line", (line) => client.#take(line));
    child.stderr.on("data", (text) => {
      client.log += text;
    });
    const exited = once(child, "exit");
    client.stop = () => {
      child.kill();
      return exited;
    };
    return client;
  }

  /**
   * @param {string} file
   * @param {string} url
   * @param {string} key
   */
  static bash(file, url, key) {
    return Client.run("bash", [CLIENTS + file, url], key);
  }

  /**
   * @param {string} file
   * @param {string} url
   * @param {string} key
   */
  static node(file, url, key) {
    return Client.run(process.execPath, [CLIENTS + file, url], key);
  }

  /**
   * @param {string} file
   * @param {string} url
   * @param {string} key
   */
  static async python(file, url, key) {
    await promisify(execFile)(`${CLIENTS}setup`);
    return Client.run(PYTHON, [CLIENTS + file, url], key);
  }

  /**
   * A page, which prints to its console.
   * @param {import("playwright-core").Page} page
   * @param {string} address
   */
  static async page(page, address) {
    const client = new Client();
    page.on("console", (message) => {
      if (message.type() === "log") client.#take(message.text());
    });
    await page.goto(address);
    return client;
  }

  /** @param {string} line */
  #take(line) {
    try {
      this.messages.push(JSON.parse(line));
    } catch {
      this.messages.push({ type: `no message: ${line}` });
    }
  }

  /** The places in the log of the activities that it was sent. */
  get positions() {
    const activities = this.messages.filter(({ type }) => type === "new_activity");
    return activities.flatMap(({ data }) => (data ? [data.position] : []));
  }

  /** How often it was connected. */
  get connections() {
    return this.messages.filter(({ type }) => type === "connected").length;
  }
}
