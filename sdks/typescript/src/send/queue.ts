import type { Item } from "./item.js";

const BATCH_ITEMS = 100;
const BATCH_BYTES = 512 * 1024;

/** Brackets around, and a comma after each. */
const BRACKETS = 2;
const COMMA = 1;

/** What waits, in order. Bounded by the caller: what was taken but is not settled counts, too. */
export class Queue {
  #items: Item[] = [];
  /** Where the oldest is: moving all of them up for each would take time. */
  #head = 0;
  #bytes = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** Whether one request cannot carry more. */
  get fillsBatch(): boolean {
    return this.length >= BATCH_ITEMS || this.#bytes >= BATCH_BYTES;
  }

  push(item: Item): void {
    this.#items.push(item);
    this.#bytes += item.bytes;
  }

  /** The oldest item, and the activities right behind it, as far as one request may carry them. */
  takeBatch(): Item[] {
    const batch: Item[] = [];
    let bytes = BRACKETS;
    for (let next = this.#peek(); next; next = this.#peek()) {
      bytes += next.bytes + COMMA;
      const full = batch.length === BATCH_ITEMS || bytes > BATCH_BYTES;
      if (batch.length > 0 && (full || next.userPath || batch[0]?.userPath)) break;
      batch.push(next);
      this.#head += 1;
      this.#bytes -= next.bytes;
    }
    if (this.#head > 1_000 || this.#head === this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return batch;
  }

  #peek(): Item | undefined {
    return this.#items[this.#head];
  }
}
