/**
 * Measures the built package: the time of one `record()`, how many activities a second a real server takes
 * (LIVETRAIL_URL and LIVETRAIL_KEY), and the size of the core, bundled and compressed.
 */
import { gzipSync } from "node:zlib";
import { Livetrail } from "@livetrail/sdk";
import { build } from "vite";

const ACTIVITY = {
  adminId: "a-1042",
  sessionId: "0198c0de-7a3b-7000-8000-0123456789ab",
  action: "user_created",
  entityType: "user",
  entityId: "u-77",
  ipAddress: "203.0.113.9, 10.0.0.1",
  userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  success: true,
  metadata: { email: "ada@example.com", role: "editor", amount: 100.5 },
};

/** Processor time; nothing is sent, so that only the call itself counts. */
function microsecondsOfRecord() {
  const client = new Livetrail({
    key: "k",
    fetch: () => new Promise(() => {}),
    maxQueueItems: 1e9,
    maxQueueBytes: 1e12,
  });
  const many = 100_000;
  for (let number = 0; number < many; number += 1) client.record(ACTIVITY);
  const began = process.cpuUsage();
  for (let number = 0; number < many; number += 1) client.record(ACTIVITY);
  return process.cpuUsage(began).user / many;
}

async function activitiesPerSecond() {
  const client = new Livetrail({ maxQueueItems: 1e9, maxQueueBytes: 1e12 });
  const many = 50_000;
  const began = performance.now();
  for (let number = 0; number < many; number += 1) client.record(ACTIVITY);
  await client.flush(120_000);
  return (client.stats.sent / (performance.now() - began)) * 1_000;
}

async function bytesOf(entry, external = []) {
  const { output } = await build({
    logLevel: "silent",
    configFile: false,
    build: {
      write: false,
      minify: true,
      modulePreload: { polyfill: false },
      rolldownOptions: { input: entry, external, preserveEntrySignatures: "strict" },
    },
  }).then((result) => (Array.isArray(result) ? result[0] : result));
  const code = output.map((chunk) => chunk.code ?? "").join("");
  return { minified: code.length, gzip: gzipSync(code).length };
}

console.log("one record():", microsecondsOfRecord().toFixed(1), "µs");
if (process.env.LIVETRAIL_KEY) console.log("activities a second:", Math.round(await activitiesPerSecond()));
console.log("core:", await bytesOf("dist/esm/index.js"));
console.log("react:", await bytesOf("dist/esm/react.js", ["react"]));
process.exit();
