/**
 * Tries the package in an application of the real Next.js, in the Node and the edge runtime: `npm run try-next -- 15 16`. It needs
 * network access and takes about a minute for each version, so it is not part of the tests. LIVETRAIL_BINARY names the server.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

const VERSIONS = process.argv.length > 2 ? process.argv.slice(2) : ["15", "16"];
const BINARY = process.env.LIVETRAIL_BINARY ?? "livetrail";
const ENVIRONMENT = { ...process.env, NEXT_TELEMETRY_DISABLED: "1" };

const READ = `import { streamRoute } from "@livetrail/sdk/next";
export const dynamic = "force-dynamic";
export const GET = streamRoute({ authorize: () => true });
`;
const record = (user) => `import { livetrail, logActivity } from "@livetrail/sdk";
import { withActivity } from "@livetrail/sdk/next";
import { after } from "next/server";
export const POST = withActivity(
  async (_request: Request) => {
    logActivity({ adminId: "${user}-plain", action: "plain" });
    return Response.json({ flushed: await livetrail().flush(5000) });
  },
  { action: "wrapped", after, describe: () => ({ adminId: "${user}" }) },
);
`;
const EDGE = 'export const runtime = "edge";\n';

const FILES = {
  "package.json": "{}",
  "app/layout.tsx":
    "export default function Root(props: { children: React.ReactNode }) { return <html><body>{props.children}</body></html>; }\n",
  "app/page.tsx": `"use client";
import { useActivityStream } from "@livetrail/sdk/react";
export default function Page() {
  return <p>{useActivityStream({ url: "/read-node", history: 50 }).activities.length}</p>;
}
`,
  // No client of its own: the package says where the browser's part begins.
  "app/customers/page.tsx": `import "@livetrail/sdk/activity-feed.css";
import { ActivityFeed } from "@livetrail/sdk/react";
export default function Page() {
  return <ActivityFeed url="/read-node" />;
}
`,
  "app/node/route.ts": record("node"),
  "app/edge/route.ts": record("edge") + EDGE,
  "app/read-node/route.ts": READ,
  "app/read-edge/route.ts": READ + EDGE,
};

/** Starts a program; resolves with the first group of `pattern` once a line of its output matches. */
async function started(command, options, settings, pattern) {
  const child = spawn(command, options, { stdio: ["ignore", "pipe", "inherit"], ...settings });
  for await (const line of createInterface({ input: child.stdout })) {
    const found = pattern.exec(line);
    if (!found) continue;
    child.stdout.resume();
    return { child, address: found[1] };
  }
  throw new Error(`${command} did not start`);
}

async function stop({ child }) {
  const exited = child.exitCode === null && once(child, "exit");
  child.kill();
  await exited;
}

/** Fails unless `ask` answers true within ten seconds. */
async function expect(what, ask) {
  for (let tries = 0; tries < 100; tries++) {
    if (await ask()) return console.log(`  ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`not so: ${what}`);
}

function build(version, folder, archive) {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const run = (...command) => execFileSync("npx", command, { cwd: folder, env: ENVIRONMENT, stdio: "pipe" });
  const packages = [
    `next@${version}`,
    "react@19",
    "react-dom@19",
    "typescript@5",
    "@types/react",
    "@types/node@20",
  ];
  run("npm", "install", "--no-audit", "--no-fund", ...packages, archive);
  run("next", "build");
}

/** The users of the newest activities, as a route of the application shows them. */
const users = async (page) => (await (await fetch(page)).json()).data.map((activity) => activity.user_id);

async function check(url) {
  const page = await (await fetch(`${url}/customers`)).text();
  await expect("the component is rendered on the server", () => page.includes("livetrail-loading"));
  const sheets = [...page.matchAll(/href="([^"]+\.css[^"]*)"/g)].map(([, address]) => new URL(address, url));
  const styles = await Promise.all(sheets.map(async (sheet) => (await fetch(sheet)).text()));
  await expect("its stylesheet is linked", () => styles.some((style) => style.includes(".livetrail-row")));
  for (const runtime of ["node", "edge"]) {
    const stopping = new AbortController();
    const stream = await fetch(`${url}/read-${runtime}`, {
      headers: { accept: "text/event-stream" },
      signal: stopping.signal,
    });
    const answer = await (await fetch(`${url}/${runtime}`, { method: "POST" })).json();
    await expect(`${runtime}: flush() says that all was sent`, () => answer.flushed === true);
    const listed = `${url}/read-${runtime}?limit=20&stats=false`;
    await expect(`${runtime}: both activities are in the list`, async () => {
      const found = await users(listed);
      return [runtime, `${runtime}-plain`].every((user) => found.includes(user));
    });
    let text = "";
    for await (const piece of stream.body.pipeThrough(new TextDecoderStream())) {
      text += piece;
      if (text.includes(`"user_id":"${runtime}"`)) break;
    }
    stopping.abort();
    await expect(`${runtime}: the stream has them`, () => text.includes("new_activity"));
  }
}

async function tryOut(version, folder, archive) {
  console.log(`Next.js ${version}`);
  const data = join(folder, "data");
  const livetrail = await started(
    BINARY,
    ["serve", "--listen", "127.0.0.1:0", "--data-dir", data],
    {},
    /^listening on (http:\/\/[^/\s]+)/,
  );
  const key = (role) =>
    execFileSync(BINARY, ["key", "create", "--role", role, "--name", role, "--data-dir", data])
      .toString()
      .trim();
  const settings = {
    LIVETRAIL_URL: livetrail.address,
    LIVETRAIL_KEY: key("writer"),
    LIVETRAIL_VIEWER_KEY: key("viewer"),
  };
  try {
    build(version, folder, archive);
    const program = join(folder, "node_modules", "next", "dist", "bin", "next");
    const env = { ...ENVIRONMENT, ...settings };
    const next = await started(
      process.execPath,
      [program, "start", "--port", "0", "--hostname", "127.0.0.1"],
      { cwd: folder, env },
      /Local:\s+(http:\/\/\S+)/,
    );
    try {
      await check(next.address);
    } finally {
      await stop(next);
    }
  } finally {
    await stop(livetrail);
  }
}

const temporary = mkdtempSync(join(tmpdir(), "livetrail-next-"));
try {
  const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", temporary]).toString();
  const archive = join(temporary, JSON.parse(packed)[0].filename);
  for (const version of VERSIONS) await tryOut(version, join(temporary, version), archive);
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
