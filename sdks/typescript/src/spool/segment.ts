import type { Disk } from "./disk.js";

/** One file of the spool. It is removed when each of its activities is settled. */
export class Segment {
  readonly file: string;
  readonly #disk: Disk;
  readonly #removed: (segment: Segment) => void;
  #descriptor: number | null = null;
  #bytes = 0;
  #unsettled = 0;

  constructor(disk: Disk, file: string, removed: (segment: Segment) => void) {
    this.#disk = disk;
    this.file = file;
    this.#removed = removed;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Appends lines. What is written is whole: after a failure the file is as it was before. */
  append(lines: readonly string[]): void {
    const { fs } = this.#disk;
    const text = Buffer.from(`${lines.join("\n")}\n`);
    this.#descriptor ??= fs.openSync(this.file, "a", 0o600);
    try {
      for (let done = 0; done < text.length; ) done += fs.writeSync(this.#descriptor, text, done);
    } catch (error) {
      fs.ftruncateSync(this.#descriptor, this.#bytes);
      throw error;
    }
    this.#bytes += text.length;
    this.#unsettled += lines.length;
  }

  /** The lines of a file that another process has left. */
  adopt(): string[] {
    const text = this.#disk.fs.readFileSync(this.file, "utf8");
    const lines = text.split("\n").filter((line) => line !== "");
    this.#bytes = Buffer.byteLength(text);
    this.#unsettled = lines.length;
    return lines;
  }

  /** One of its activities needs no disk any more. */
  settle(count = 1): void {
    this.#unsettled -= count;
    if (this.#unsettled > 0) return;
    this.close();
    this.#disk.fs.rmSync(this.file, { force: true });
    this.#removed(this);
  }

  /** Says that its owner lives. */
  touch(): true {
    const now = new Date();
    this.#disk.fs.utimesSync(this.file, now, now);
    return true;
  }

  close(): void {
    if (this.#descriptor !== null) this.#disk.fs.closeSync(this.#descriptor);
    this.#descriptor = null;
  }
}
