/** What the documents say compiles, runs and installs. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { transformWithOxc } from "vite";
import { describe, expect, it } from "vitest";
import { ScriptedServer } from "./support/scripted-server.js";
import { asModule, snippets } from "./support/snippets.js";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What belongs to the application of whom the documents speak. */
const APPLICATION = `
  interface Session { id: string; role: string; tenant: string; user: { id: string } }
  type Incoming = import("node:http").IncomingMessage & { user?: { id: string }; auth?: unknown };
  type Outgoing = import("node:http").ServerResponse;
  declare const admin: { id: string };
  declare const user: { id: string; role: string; tenant: string };
  declare const payout: { id: string };
  declare const request: Request;
  declare const livetrail: string;
  declare const token: string;
  declare const claims: unknown;
  declare const app: { use(handler: (request: Incoming, response: Outgoing, next: () => void) => void): void };
  declare function auth(): Promise<Session>;
  declare function createUser(request: Request): Promise<Response>;
  declare function show(row: object): void;
  declare module "next/server" { export function after(task: Promise<unknown> | (() => unknown)): void }
  declare module "jose" {
    export class SignJWT {
      constructor(claims: object);
      setProtectedHeader(header: object): this;
      setAudience(audience: string): this;
      setExpirationTime(time: string): this;
      sign(secret: Uint8Array): Promise<string>;
    }
  }`;

const COMPILER = {
  compilerOptions: {
    target: "ES2022",
    module: "ESNext",
    moduleResolution: "bundler",
    lib: ["ES2023", "DOM", "DOM.Iterable"],
    types: ["node"],
    jsx: "react-jsx",
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    paths: {
      "@livetrail/sdk": [join(ROOT, "src/index.ts")],
      "@livetrail/sdk/*.css": [join(ROOT, "dist/*.css.d.cts")],
      "@livetrail/sdk/*": [join(ROOT, "src/*.ts")],
    },
  },
};

/** Runs with a folder in which the package's own dependencies are found, and removes it. */
async function inFolder<T>(parent: string, work: (folder: string) => Promise<T>): Promise<T> {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "livetrail-readme-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe("the snippets of the documents", () => {
  it("compile", { timeout: 60_000 }, async () => {
    const all = ["README.md", "MIGRATING.md"]
      .flatMap(snippets)
      .filter(({ language }) => /^tsx?$/.test(language));
    expect(all.length).toBeGreaterThan(10);
    await inFolder(join(ROOT, "node_modules"), async (folder) => {
      writeFileSync(join(folder, "application.d.ts"), APPLICATION);
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(COMPILER));
      for (const [index, snippet] of all.entries())
        writeFileSync(join(folder, `snippet-${index}.${snippet.language}`), asModule(snippet));
      const compiled = await run(join(ROOT, "node_modules/.bin/tsc"), ["-p", folder]).catch((error) => error);
      expect(compiled.stdout).toBe("");
    });
  });
});

/** What runs before the snippets of a section, so that they find the application that they speak of. */
const BEFORE = `
  import http from "node:http";
  const admin = { id: "a-1" };
  const user = { id: "u-1", role: "editor" };
  const payout = { id: "p-1" };
  const claims = { act: { sub: "deploy-bot" } };
  const request = new Request("http://localhost/users", { headers: { "x-forwarded-for": "203.0.113.9" } });
  const app = { use: (handler) => { app.handler = handler; } };`;

/** Runs the TypeScript of a section, and gives what the server was sent. */
async function sentBy(document: string, section: string, after = "") {
  await using server = await ScriptedServer.start();
  const codes = snippets(document).filter(
    (snippet) => snippet.section === section && snippet.language === "ts",
  );
  const code = codes.map(asModule).join("\n").replaceAll("export {};", "");
  const once = [...new Set(code.match(/^import .*$/gm))].join("\n");
  const script = `${once}\n${BEFORE}\n${code.replace(/^import .*$/gm, "")}\n${after}`;
  const { code: javascript } = await transformWithOxc(script, "snippets.ts");
  const env = { PATH: process.env.PATH, LIVETRAIL_URL: server.url, LIVETRAIL_KEY: "k" };
  const args = ["--input-type=module", "-e", javascript];
  const { stderr } = await run(process.execPath, args, { cwd: ROOT, env });
  expect(stderr).toBe("");
  return server.activities;
}

describe("the snippets of the documents, run", () => {
  it("record in any of the shapes", async () => {
    expect(await sentBy("README.md", "Record")).toMatchObject([
      { user_id: "a-1", action_type: "user_created", target_resource_id: "u-1", ip_address: "203.0.113.9" },
      { user_id: "u-1", action_type: "user_login", status_code: 401 },
      { user_id: "u-1", action_type: "invoice_sent", target_resource_id: "7" },
      { user_id: "u-1", action_type: "document_delete", delegate_id: "deploy-bot", via: "mcp" },
      { user_id: "u-1", action_type: "payout_approved", target_resource_id: "p-1" },
    ]);
  });

  it("record what Express answers", async () => {
    const requests = `
      const server = http.createServer((request, response) => {
        request.user = { id: "u-1" };
        request.auth = { sub: "u-1", act: { sub: "deploy-bot" } };
        app.handler(request, response, () => response.end());
      });
      await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
      const address = "http://127.0.0.1:" + server.address().port;
      for (const method of ["GET", "POST"]) await fetch(address + "/x", { method, headers: { connection: "close" } });
      server.close();`;
    expect(await sentBy("README.md", "Express", requests)).toMatchObject([
      {
        user_id: "u-1",
        action_type: "api_operation",
        http_method: "POST",
        endpoint: "/x",
        delegate_id: "deploy-bot",
        via: "api",
      },
    ]);
  });

  it("change and drop activities before they are sent", async () => {
    const records = `
      import { record } from "@livetrail/sdk";
      for (const userId of ["health-check", "u-1"]) record({ userId, action: "x" });`;
    expect(await sentBy("README.md", "Settings", records)).toMatchObject([
      { user_id: "u-1", tenant_id: "acme" },
    ]);
  });

  it("are an activity logger that an application's calls find", async () => {
    const call = `logActivity({ adminId: admin.id, action: ActivityActions.CUSTOM_ACTION });
      import { logActivity } from "@livetrail/sdk";`;
    expect(await sentBy("MIGRATING.md", "1. The logger", call)).toMatchObject([
      { user_id: "a-1", is_admin: true, action_type: "custom_action" },
    ]);
  });
});

/** Runs in a folder where the package is installed as an application would. */
function installed<T>(work: (folder: string) => Promise<T>): Promise<T> {
  return inFolder(tmpdir(), async (folder) => {
    const packed = await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: ROOT });
    writeFileSync(join(folder, "package.json"), "{}");
    const install = ["install", "--offline", "--no-audit", "--no-fund", `./${packed.stdout.trim()}`];
    await run("npm", install, { cwd: folder });
    return work(folder);
  });
}

describe("the package", () => {
  it("installs from the file that it is packed into, for both kinds of module, with its licences", {
    timeout: 120_000,
  }, async () => {
    const code = `
      const names = ["", "/express", "/next"].map((path) => "@livetrail/sdk" + path);
      Promise.all(names.map((name) => import(name))).then((modules) => {
        const required = names.map((name) => Object.keys(require(name)).length);
        console.log(modules.map((module) => Object.keys(module).length > 0), required.every((count) => count > 0));
      });`;
    const { stdout } = await installed((cwd) => {
      for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) {
        const text = readFileSync(join(cwd, "node_modules/@livetrail/sdk", licence), "utf8");
        expect(text).toBe(readFileSync(join(ROOT, "../..", licence), "utf8"));
      }
      return run(process.execPath, ["-e", code], { cwd });
    });
    expect(stdout.trim()).toBe("[ true, true, true ] true");
  });

  it("has types that need neither those of Node nor a blind eye", { timeout: 120_000 }, async () => {
    const code = `
      import { record } from "@livetrail/sdk";
      import { activityMiddleware } from "@livetrail/sdk/express";
      import { withActivity } from "@livetrail/sdk/next";
      record({ userId: "u", action: "x" });
      export { activityMiddleware, withActivity };`;
    const settings = { strict: true, noEmit: true, module: "NodeNext", lib: ["ES2022", "DOM"], types: [] };
    const compiled = await installed(async (folder) => {
      writeFileSync(join(folder, "application.ts"), code);
      const config = { compilerOptions: { ...settings, skipLibCheck: false }, files: ["application.ts"] };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
      return run(join(ROOT, "node_modules/.bin/tsc"), ["-p", folder]).catch((error) => error);
    });
    expect(compiled.stdout).toBe("");
  });
});
