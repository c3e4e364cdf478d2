import { describe, expect, it } from "vitest";
import { Livetrail } from "../src/index.js";
import { contractCases } from "./support/contract.js";
import { gate, type Received, type Scripted, ScriptedServer, stored } from "./support/scripted-server.js";

interface RetryCase {
  name: string;
  activities: number;
  answers: ("network error" | { status: number; headers: Record<string, string>; body: unknown })[];
  attempts: number;
  sent: number;
  duplicates: number;
  rejected: number;
  pause_at_least_ms?: number;
}

interface BatchingCase {
  name: string;
  activities: number;
  details_bytes: number;
  requests: number[];
}

/** Puts ids and dates in place of their names. */
function filledIn(answer: RetryCase["answers"][number], { activities }: Received): Scripted {
  if (answer === "network error") return answer;
  const text = JSON.stringify(answer)
    .replace(/\$id(\d*)/g, (_, index: string) => String(activities[Number(index || 0)]?.id))
    .replace(/\$date\+(\d+)/g, (_, seconds: string) =>
      new Date(Date.now() + Number(seconds) * 1_000).toUTCString(),
    );
  return JSON.parse(text) as Scripted;
}

/** Records activities while the first one, the opener, is under way, and waits until all are settled. */
async function replay(
  count: number,
  details: object | null,
  answer: (request: Received, index: number) => Scripted,
) {
  const opener = gate();
  const server = await ScriptedServer.start(async (request, index) => {
    if (index > 0) return answer(request, index - 1);
    await opener.opened;
    return stored(request);
  });
  const client = new Livetrail({ url: server.url, key: "k", onError: () => {} });
  client.record({ user_id: "opener", action_type: "test" });
  await server.arrived(1);
  for (let number = 0; number < count; number += 1) {
    client.record({ user_id: `u-${number}`, action_type: "test", details });
  }
  opener.open();
  const isComplete = await client.flush(10_000);
  expect(client.stats.queued).toBe(0);
  expect(isComplete).toBe(client.stats.rejected === 0);
  await client.close();
  await server[Symbol.asyncDispose]();
  return { requests: server.received.slice(1), stats: client.stats };
}

describe.concurrent("sending, by the contract", () => {
  for (const { name, answers, activities, ...expected } of contractCases<RetryCase>("retry.json")) {
    it(name, async () => {
      const { requests, stats } = await replay(activities, null, (request, index) => {
        const answer = answers[index];
        if (!answer) throw new Error("a request came after the last answer");
        return filledIn(answer, request);
      });
      const { sent, duplicates, rejected } = { ...stats, sent: stats.sent - 1 };
      expect({ attempts: requests.length, sent, duplicates, rejected }).toEqual({
        attempts: expected.attempts,
        sent: expected.sent,
        duplicates: expected.duplicates,
        rejected: expected.rejected,
      });
      const pause = (requests[1]?.at ?? 0) - (requests[0]?.at ?? 0);
      if (expected.pause_at_least_ms) expect(pause).toBeGreaterThanOrEqual(expected.pause_at_least_ms);
    });
  }

  for (const { name, activities, details_bytes, requests: expected } of contractCases<BatchingCase>(
    "batching.json",
  )) {
    it(name, async () => {
      const { requests, stats } = await replay(activities, { k: "v".repeat(details_bytes) }, stored);
      expect(requests.map((request) => request.activities.length)).toEqual(expected);
      expect(requests.map(({ body }) => Array.isArray(body))).toEqual(expected.map((items) => items > 1));
      expect(stats.sent).toBe(activities + 1);
    });
  }
});
