// @ts-check
/** Programs that the tests start: each is waited for by a line it prints, and none outlives the test run. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** @typedef {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable, import("node:stream").Readable>} Child */

/** @type {Set<Child>} */
const running = new Set();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

const LISTENING = /^listening on (http:\/\/\S+)$/;
/** A server ends in about 6 s, and a busy machine may let it stand still meanwhile. */
const STOP_WITHIN_MS = 60_000;

/**
 * @param {string} command
 * @param {string[]} parameters
 * @param {NodeJS.ProcessEnv} [environment]
 * @returns {Child}
 */
export function launch(command, parameters, environment = process.env) {
  const child = spawn(command, parameters, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  child.once("exit", () => running.delete(child));
  child.stdout.setEncoding("utf8");
  child.stderr.setEncoding("utf8");
  return child;
}

export class Program {
  /** @type {string[]} What it printed on standard output, line by line, up to the address. */
  printed = [];
  /** What it said on standard error, to be shown when a test fails. */
  log = "";
  address = "";

  /** @param {Child} child */
  constructor(child) {
    this.child = child;
    this.exited = once(child, "exit");
  }

  /**
   * Starts a server and waits until it says where it listens.
   * @param {string} command
   * @param {string[]} parameters
   * @param {NodeJS.ProcessEnv} [environment]
   */
  static async start(command, parameters, environment) {
    const child = launch(command, parameters, environment);
    const program = new Program(child);
    child.stderr.on("data", (text) => {
      program.log += text;
    });
    await program.#untilListening(command);
    return program;
  }

  /** @param {string} command */
  async #untilListening(command) {
    for await (const line of createInterface(this.child.stdout)) {
      const match = LISTENING.exec(line);
      if (match?.[1]) {
        this.address = match[1];
        // What it prints from now on is of no interest, but a full pipe would stop it.
        this.child.stdout.resume();
        return;
      }
      this.printed.push(line);
    }
    throw new Error(`${command} ended before it listened:\n${this.log}`);
  }

  /**
   * Asks it to stop, as a service manager does, and kills it when it takes too long.
   * @returns {Promise<string>} how it ended: its exit code or the signal's name
   */
  async stop() {
    const late = setTimeout(() => this.child.kill("SIGKILL"), STOP_WITHIN_MS);
    this.child.kill("SIGTERM");
    const [code, signal] = await this.exited;
    clearTimeout(late);
    return String(signal ?? code);
  }

  /** As a crash or the kernel would: nothing is flushed, and no client is told. */
  async kill() {
    this.child.kill("SIGKILL");
    await this.exited;
  }
}
