/** The real server, in a folder of its own, that can be killed and started again on the same port. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** Where the binary is; tests that need it are skipped without one. */
export const BINARY = process.env.LIVETRAIL_BINARY;

export class LivetrailBinary {
  readonly #folder = mkdtempSync(join(tmpdir(), "livetrail-sdk-"));
  readonly #options: readonly string[];
  readonly #environment: Record<string, string>;
  #process: ChildProcess | null = null;
  #address = "127.0.0.1:0";

  private constructor(options: readonly string[], environment: Record<string, string>) {
    this.#options = options;
    this.#environment = environment;
  }

  /** With further options, and variables of its environment. */
  static async start(
    options: readonly string[] = [],
    environment: Record<string, string> = {},
  ): Promise<LivetrailBinary> {
    const binary = new LivetrailBinary(options, environment);
    await binary.restart();
    return binary;
  }

  get url(): string {
    return `http://${this.#address}`;
  }

  /** Starts it, on the port that it had. Resolves when it listens. */
  async restart(): Promise<void> {
    const options = ["serve", "--data-dir", this.#folder, "--listen", this.#address, ...this.#options];
    const env = { ...process.env, ...this.#environment };
    const child = spawn(BINARY ?? "", options, { stdio: ["ignore", "pipe", "ignore"], env });
    this.#process = child;
    for await (const line of createInterface({ input: child.stdout })) {
      const address = /^listening on http:\/\/(\S+)/.exec(line)?.[1];
      if (!address) continue;
      this.#address = address.replace(/\/$/, "");
      child.stdout.resume();
      return;
    }
    throw new Error("the server did not start");
  }

  /** Ends it as a crash would. */
  async kill(): Promise<void> {
    if (!this.#process || this.#process.exitCode !== null) return;
    const exited = once(this.#process, "exit");
    this.#process.kill("SIGKILL");
    await exited;
  }

  /** A key of this role. */
  key(role: "writer" | "viewer" | "admin"): string {
    const options = ["key", "create", "--role", role, "--name", role, "--data-dir", this.#folder];
    return execFileSync(BINARY ?? "", options, { stdio: ["ignore", "pipe", "ignore"] })
      .toString()
      .trim();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
