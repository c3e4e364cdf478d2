const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Random bytes are fetched for many ids at once: each call costs more than all the rest. */
const pool = new Uint8Array(1_024);
let used = pool.length;

let lastMillisecond = 0;
let counter = 0;

/**
 * A UUID of version 7 (RFC 9562). Ids that one process makes are in order: within a millisecond, and when the clock
 * goes back, the twelve bits after the time count on.
 */
export function newId(now: number): string {
  if (now > lastMillisecond) {
    lastMillisecond = now;
    // The upper half of the counter stays free, so that it hardly ever overflows.
    counter = ((randomByte() << 8) | randomByte()) & 0x7ff;
  } else {
    counter += 1;
    if (counter > 0xfff) {
      lastMillisecond += 1;
      counter = 0;
    }
  }
  const time = lastMillisecond.toString(16).padStart(12, "0");
  const count = (0x7000 | counter).toString(16);
  const variant = HEX[0x80 | (randomByte() & 0x3f)];
  return `${time.slice(0, 8)}-${time.slice(8)}-${count}-${variant}${randomHex(1)}-${randomHex(6)}`;
}

function randomHex(bytes: number): string {
  let hex = "";
  for (let count = 0; count < bytes; count += 1) hex += HEX[randomByte()];
  return hex;
}

function randomByte(): number {
  if (used === pool.length) {
    crypto.getRandomValues(pool);
    used = 0;
  }
  const byte = pool[used] ?? 0;
  used += 1;
  return byte;
}
