/**
 * Measures the built package: the time of one `record()`, and the size of the core, bundled and compressed.
 *
 * With a real server (LIVETRAIL_URL and LIVETRAIL_KEY), it also measures how many activities a second the server takes.
 * At a steady rate, it measures the time of one `record()`, the time until the activity is stored, and the processor
 * time.
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
    // What it holds is lost when the script ends.
    onError: () => {},
  });
  const many = 100_000;
  for (let number = 0; number < many; number += 1) client.record(ACTIVITY);
  const began = process.cpuUsage();
  for (let number = 0; number < many; number += 1) client.record(ACTIVITY);
  return process.cpuUsage(began).user / many;
}

/** Records at a steady rate for ten seconds, as an application with so many requests a second does. */
async function paced(rate) {
  const began = [];
  const recorded = [];
  const stored = [];
  const fetched = async (url, init) => {
    const response = await fetch(url, init);
    // Once the client has read the answer.
    setTimeout(noteStored, 0);
    return response;
  };
  const client = new Livetrail({ fetch: fetched });
  const noteStored = () => {
    while (stored.length < client.stats.sent) stored.push(performance.now() - began[stored.length]);
  };
  for (let number = 0; number < rate; number += 1) client.record(ACTIVITY);
  await client.flush();
  began.push(...Array(rate).fill(performance.now()));
  noteStored();
  stored.fill(0);
  const cpu = process.cpuUsage();
  for (let number = 0; number < rate * 10; number += 1) {
    began.push(performance.now());
    client.record(ACTIVITY);
    recorded.push((performance.now() - began.at(-1)) * 1_000);
    await new Promise((resolve) => setTimeout(resolve, 1_000 / rate));
  }
  await client.flush();
  const { user, system } = process.cpuUsage(cpu);
  await new Promise((resolve) => setTimeout(resolve, 10));
  return {
    "record() µs": percentiles(recorded),
    "until stored ms": percentiles(stored.slice(rate)),
    "processor µs per activity": Math.round((user + system) / recorded.length),
  };
}

function percentiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part) => Number(sorted[Math.ceil(part * sorted.length) - 1].toFixed(1));
  return { p50: at(0.5), p99: at(0.99) };
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
for (const rate of process.env.LIVETRAIL_KEY ? [20, 100, 400] : [])
  console.log(`${rate} a second:`, await paced(rate));
if (process.env.LIVETRAIL_KEY) console.log("activities a second:", Math.round(await activitiesPerSecond()));
console.log("core:", await bytesOf("dist/esm/index.js"));
console.log("react:", await bytesOf("dist/esm/react.js", ["react"]));
process.exit();
