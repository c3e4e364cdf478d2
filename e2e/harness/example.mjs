// @ts-check
/** The example application, writing to a server under test. */
import { Program } from "./process.mjs";

const RUN = new URL("../../examples/fastapi-chat/run", import.meta.url).pathname;
const ACCOUNT = /^\s+(\S+@\S+)\s+(\S+)/;

/** @typedef {{ email: string, password: string }} Account */

export class Example {
  /** @param {Program} program */
  constructor(program) {
    this.program = program;
    this.url = program.address;
    /** @type {Account[]} The demonstration accounts, which it prints when it starts. */
    this.accounts = program.printed.flatMap((line) => {
      const [, email, password] = ACCOUNT.exec(line) ?? [];
      return email && password ? [{ email, password }] : [];
    });
  }

  /** @param {import("./server.mjs").Server} server */
  static async start(server) {
    const settings = { PORT: "0", LIVETRAIL_URL: server.url, LIVETRAIL_KEY: await server.key("writer") };
    return new Example(await Program.start(RUN, [], { ...process.env, ...settings }));
  }

  /** @param {string} email */
  account(email) {
    const found = this.accounts.find((account) => account.email === email);
    if (!found) throw new Error(`the example printed no account ${email}`);
    return found;
  }

  close() {
    return this.program.stop();
  }
}
