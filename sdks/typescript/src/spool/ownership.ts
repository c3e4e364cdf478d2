/**
 * Which process a file of the spool belongs to. Its name says the server and key, the host and the process; its time of
 * change says that the owner lives, on any host.
 */
import { newId } from "../id.js";
import type { Disk } from "./disk.js";

const NAME = /^livetrail-([0-9a-f]+)-(.+)-(\d+)-([0-9a-f]{32})\.ndjson$/;

/** Owners change the time of their files twice as often. */
const STALE_MS = 120_000;
export const TOUCH_MS = STALE_MS / 2;

/** The files of this process, of all copies of this module. */
const PLACE = Symbol.for("livetrail.spooled");
const shared = globalThis as { [PLACE]?: Set<string> };
shared[PLACE] ??= new Set();
const own = shared[PLACE];

export class Ownership {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #target: string;

  /** Only a client of the same server and key may send what this one left: another's key could be another tenant's. */
  constructor(disk: Disk, directory: string, target: string) {
    this.#disk = disk;
    this.#directory = directory;
    this.#target = disk.digest(target);
  }

  /** The path of a new file of this process. */
  take(): string {
    const { host, process, path } = this.#disk;
    const unique = newId(Date.now()).replaceAll("-", "");
    const name = `livetrail-${this.#target}-${host}-${process.pid}-${unique}.ndjson`;
    own.add(name);
    return path.join(this.#directory, name);
  }

  release(file: string): void {
    own.delete(this.#disk.path.basename(file));
  }

  /** The files whose owners are gone, oldest first. */
  orphans(): string[] {
    const names = this.#disk.fs.readdirSync(this.#directory).filter((name) => this.#isOrphan(name));
    // The last part of a name is in the order of time.
    const unique = (name: string) => NAME.exec(name)?.[4] ?? "";
    return names
      .sort((a, b) => (unique(a) < unique(b) ? -1 : 1))
      .map((name) => this.#disk.path.join(this.#directory, name));
  }

  #isOrphan(name: string): boolean {
    const [, target, host, pid] = NAME.exec(name) ?? [];
    if (target !== this.#target || own.has(name)) return false;
    if (host === this.#disk.host && !this.#isAlive(Number(pid))) return true;
    const file = this.#disk.path.join(this.#directory, name);
    const changed = this.#disk.fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    return changed !== undefined && changed < Date.now() - STALE_MS;
  }

  /** A file of an earlier process with our number is none of ours, so its owner is gone. */
  #isAlive(pid: number): boolean {
    if (pid === this.#disk.process.pid) return false;
    try {
      this.#disk.process.kill(pid, 0);
      return true;
    } catch (error) {
      // It is there, and belongs to another user.
      return (error as { code?: string }).code === "EPERM";
    }
  }
}
