/**
 * A Node script that ends by itself ends when nothing keeps it alive, and a pause before the next attempt does not. So
 * what still waits then is sent first, within a bounded time. `process.exit()` and signals give no such chance.
 */

interface Leaver {
  /** Sends what waits, for so long at most, and says what is lost. */
  leave(timeoutMs: number): Promise<void>;
}

const EXIT_MS = 2_000;

const unsent = new Set<Leaver>();
let listening = false;

/** Sends what this one holds before the process ends. */
export function keepUntilSent(outbox: Leaver): void {
  unsent.add(outbox);
  // By name, because bundlers for the edge complain about parts of `process` that it does not have.
  const { process } = globalThis as { process?: { once?: (event: string, listener: () => void) => void } };
  if (listening || typeof process?.once !== "function") return;
  listening = true;
  process.once("beforeExit", () => {
    listening = false;
    // Once each: `beforeExit` comes again after whatever it began has ended.
    const outboxes = [...unsent];
    unsent.clear();
    for (const outbox of outboxes) void outbox.leave(EXIT_MS);
  });
}

export function letGo(outbox: Leaver): void {
  unsent.delete(outbox);
}
