/** An export that is read by the page: its progress is seen, and a file that broke off is not taken for a whole one. */
import { answerTo } from "../api/client";

export interface Progress {
  rows: number;
  bytes: number;
}

export interface Downloaded extends Progress {
  file: Blob;
  name: string;
}

const QUOTE = 0x22;
const LINE_FEED = 0x0a;
const SHOWN_EVERY_MS = 100;

/** Counts the rows of a file that comes in pieces: a line break within quotes parts no rows of CSV. */
export class RowCounter {
  private isQuoted = false;
  private lines = 0;

  private readonly isCsv: boolean;

  constructor(isCsv: boolean) {
    this.isCsv = isCsv;
  }

  take(piece: Uint8Array): void {
    for (const byte of piece) {
      if (byte === QUOTE && this.isCsv) this.isQuoted = !this.isQuoted;
      else if (byte === LINE_FEED && !this.isQuoted) this.lines += 1;
    }
  }

  /** Without the heading. */
  get rows(): number {
    return this.isCsv ? Math.max(0, this.lines - 1) : this.lines;
  }
}

/** Reads an export to its end. It throws if that does not come, or if `signal` calls it off. */
export async function download(
  path: string,
  onProgress: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Downloaded> {
  const response = await answerTo(path, { signal });
  const type = response.headers.get("Content-Type") ?? "application/octet-stream";
  const counter = new RowCounter(type.includes("csv"));
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body?.getReader();
  let [bytes, shownAt] = [0, 0];
  for (;;) {
    const next = await reader?.read();
    if (!next || next.done) break;
    pieces.push(next.value);
    counter.take(next.value);
    bytes += next.value.length;
    if (performance.now() - shownAt > SHOWN_EVERY_MS) {
      shownAt = performance.now();
      onProgress({ rows: counter.rows, bytes });
    }
  }
  const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  return { rows: counter.rows, bytes, file: new Blob(pieces, { type }), name: name ?? "livetrail-activity" };
}

/** Hands a file to the user, as a download. */
export function saveFile(file: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // The browser may begin to read it a moment later.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
