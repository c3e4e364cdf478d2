/**
 * A copy on disk of what waits, so that a process that is killed loses nothing: the next one sends it, with the same
 * ids. A file is written before its activities are sent, and removed when all of them are settled.
 */
import { LivetrailError } from "../errors.js";
import type { Item } from "../send/item.js";
import { unref } from "../send/pause.js";
import { byteLength } from "../text.js";
import { type Disk, nodeDisk } from "./disk.js";
import { Ownership, TOUCH_MS } from "./ownership.js";
import { Segment } from "./segment.js";

export interface SpoolOptions {
  directory: string;
  maxBytes: number;
  /** The server and the key. */
  target: string;
  report: (error: LivetrailError) => void;
}

/** From here on a new file is begun, so that space is given back while activities come and go. */
const SEGMENT_BYTES = 1024 * 1024;

export class Spool {
  readonly #disk: Disk;
  readonly #options: SpoolOptions;
  readonly #ownership: Ownership;
  readonly #segments = new Set<Segment>();
  #current: Segment | null = null;
  /** Written together at the end of the present task. */
  #pending: Item[] = [];
  /** The application has been told that there is no room, or that the disk fails. */
  #told = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  private constructor(disk: Disk, options: SpoolOptions) {
    this.#disk = disk;
    this.#options = options;
    this.#ownership = new Ownership(disk, options.directory, options.target);
    // At once, so that a folder that cannot be made is known when the application starts.
    disk.fs.mkdirSync(options.directory, { recursive: true, mode: 0o700 });
  }

  /** Null, and a report, where the runtime has no disk or the folder cannot be used. */
  static open(options: SpoolOptions): Spool | null {
    try {
      const disk = nodeDisk();
      if (!disk) throw new Error("it needs Node 20.16 or newer");
      return new Spool(disk, options);
    } catch (cause) {
      options.report(failed(cause));
      return null;
    }
  }

  /** Says each minute that this process lives, then calls back. The timer does not keep the process alive. */
  tend(task: () => void): void {
    const tick = () => {
      for (const segment of this.#segments) this.#touch(segment);
      task();
    };
    this.#timer = setInterval(tick, TOUCH_MS);
    unref(this.#timer);
  }

  /** Leaves what is not settled to another client. */
  close(): void {
    clearInterval(this.#timer);
    for (const segment of this.#segments) {
      this.#guarded(() => segment.close());
      this.#ownership.release(segment.file);
    }
  }

  /** Writes the activity at the end of the present task. */
  add(item: Item): void {
    this.#pending.push(item);
    if (this.#pending.length === 1) queueMicrotask(() => this.write());
  }

  /** The activity needs no disk any more. */
  settle({ segment }: Item): void {
    if (segment) this.#guarded(() => segment.settle());
  }

  /** What processes that are gone have left, a file at a time. */
  *orphans(): Generator<Item[]> {
    for (const file of this.#guarded(() => this.#ownership.orphans()) ?? []) {
      const items = this.#guarded(() => this.#adopt(file));
      if (items) yield items;
    }
  }

  /** Writes what was added. */
  write(): void {
    const items = this.#pending;
    this.#pending = [];
    if (items.length === 0) return;
    const bytes = items.reduce((sum, item) => sum + item.bytes + 1, 0);
    this.#guarded(() => {
      if (this.#bytes + bytes > this.#options.maxBytes) throw new Error("it is full");
      const segment = this.#open();
      segment.append(items.map(({ json }) => json));
      for (const item of items) item.segment = segment;
      this.#told = false;
    });
  }

  get #bytes(): number {
    let bytes = 0;
    for (const segment of this.#segments) bytes += segment.bytes;
    return bytes;
  }

  /** The file that is being written. */
  #open(): Segment {
    if (this.#current && this.#current.bytes < SEGMENT_BYTES) return this.#current;
    this.#current?.close();
    this.#current = this.#segment();
    return this.#current;
  }

  /** A file that was removed under us is replaced by the next one. */
  #touch(segment: Segment): void {
    const isThere = this.#guarded(() => segment.touch());
    if (!isThere && segment === this.#current) this.#current = null;
  }

  #segment(): Segment {
    this.#disk.fs.mkdirSync(this.#options.directory, { recursive: true, mode: 0o700 });
    const segment = new Segment(this.#disk, this.#ownership.take(), (removed) => {
      this.#segments.delete(removed);
      this.#ownership.release(removed.file);
      if (this.#current === removed) this.#current = null;
    });
    this.#segments.add(segment);
    return segment;
  }

  /** Takes a file, unless another process was faster. */
  #adopt(file: string): Item[] {
    const segment = this.#segment();
    try {
      this.#disk.fs.renameSync(file, segment.file);
    } catch (error) {
      segment.settle(0);
      if ((error as { code?: string }).code === "ENOENT") return [];
      throw error;
    }
    segment.touch();
    const lines = segment.adopt();
    const items = lines.map((line) => itemOf(line, segment)).filter((item) => item !== null);
    // The last line is cut off where a process was killed while it wrote: it had not recorded the activity yet.
    segment.settle(lines.length - items.length);
    return items;
  }

  /** A disk that fails is told of once, and costs no activity: it waits in memory. */
  #guarded<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (cause) {
      if (!this.#told) this.#options.report(failed(cause));
      this.#told = true;
      return undefined;
    }
  }
}

function itemOf(line: string, segment: Segment): Item | null {
  try {
    const { id, tenant_id } = JSON.parse(line) as { id: string; tenant_id?: string };
    return { id, json: line, bytes: byteLength(line), namesTenant: tenant_id !== undefined, segment };
  } catch {
    return null;
  }
}

function failed(cause: unknown): LivetrailError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new LivetrailError("spool", `the spool cannot be used (${why}): activities wait in memory only`, {
    cause,
  });
}
