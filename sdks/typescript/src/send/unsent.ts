/** Counts what is recorded while the client is off, so that it tells the truth about it. */
export class Unsent {
  #activities = 0;
  #items = 0;
  /** Of those, how many the last flush has answered for. */
  #flushed = 0;

  /** Activities; users do not count. */
  get activities(): number {
    return this.#activities;
  }

  addActivity(): void {
    this.#activities += 1;
    this.#items += 1;
  }

  addUser(): void {
    this.#items += 1;
  }

  /** Whether nothing was recorded since this was asked before. */
  noneSinceFlush(): boolean {
    const none = this.#items === this.#flushed;
    this.#flushed = this.#items;
    return none;
  }
}
