/**
 * What has changed within a text, word by word. No character is lost: what is kept and what went make the former text,
 * and what is kept and what came make the new one.
 */

export interface Piece {
  kind: "kept" | "gone" | "new";
  text: string;
}

/** Words, runs of white space, and every other character by itself. */
const WORD = /[\p{L}\p{N}\p{M}_]+|\s+|./gsu;

/** The work grows with the words times the changes. Beyond this many changes a reader sees no thread anyway. */
const MAX_EDITS = 400;
/** Texts of more words are compared at their ends only. */
const MAX_WORDS = 6_000;

export function diffWords(before: string, after: string): Piece[] {
  const from = before.match(WORD) ?? [];
  const to = after.match(WORD) ?? [];
  const shortest = Math.min(from.length, to.length);
  let head = 0;
  while (head < shortest && from[head] === to[head]) head += 1;
  let tail = 0;
  while (tail < shortest - head && from.at(-1 - tail) === to.at(-1 - tail)) tail += 1;

  const gone = from.slice(head, from.length - tail);
  const come = to.slice(head, to.length - tail);
  const pieces = new Pieces();
  pieces.add("kept", from.slice(0, head));
  if (!addShortest(pieces, gone, come)) {
    pieces.add("gone", gone);
    pieces.add("new", come);
  }
  pieces.add("kept", from.slice(from.length - tail));
  return pieces.all;
}

class Pieces {
  readonly all: Piece[] = [];

  add(kind: Piece["kind"], words: readonly string[]): void {
    if (words.length === 0) return;
    const last = this.all.at(-1);
    if (last?.kind === kind) last.text += words.join("");
    else this.all.push({ kind, text: words.join("") });
  }
}

/** The shortest way from one to the other, by Myers. False: it is too long, and nothing was added. */
function addShortest(pieces: Pieces, from: readonly string[], to: readonly string[]): boolean {
  const rounds = from.length + to.length > MAX_WORDS ? null : search(from, to);
  if (!rounds) return false;
  const steps: [Piece["kind"], string][] = [];
  let x = from.length;
  let y = to.length;
  for (let edits = rounds.length - 1; edits > 0; edits -= 1) {
    const reached = rounds[edits - 1] ?? new Map<number, number>();
    const line = x - y;
    const down = comesFromAbove(reached, line, edits);
    const startX = (down ? reached.get(line + 1) : reached.get(line - 1)) ?? 0;
    const startY = startX - (down ? line + 1 : line - 1);
    while (x > (down ? startX : startX + 1) && y > (down ? startY + 1 : startY)) {
      x -= 1;
      y -= 1;
      steps.push(["kept", from[x] ?? ""]);
    }
    steps.push(down ? ["new", to[startY] ?? ""] : ["gone", from[startX] ?? ""]);
    x = startX;
    y = startY;
  }
  // What is left is a common beginning, which there is only where nothing was cut off before.
  while (x > 0) {
    x -= 1;
    steps.push(["kept", from[x] ?? ""]);
  }
  addInOrder(pieces, steps.reverse());
  return true;
}

/** Between two kept words, what went stands before what came. */
function addInOrder(pieces: Pieces, steps: readonly [Piece["kind"], string][]): void {
  let gone: string[] = [];
  let come: string[] = [];
  const flush = () => {
    pieces.add("gone", gone);
    pieces.add("new", come);
    gone = [];
    come = [];
  };
  for (const [kind, word] of steps) {
    if (kind === "gone") gone.push(word);
    else if (kind === "new") come.push(word);
    else {
      flush();
      pieces.add("kept", [word]);
    }
  }
  flush();
}

/** For each number of edits: how far each diagonal (x - y) is reached. */
function search(from: readonly string[], to: readonly string[]): Map<number, number>[] | null {
  const rounds: Map<number, number>[] = [];
  for (let edits = 0; edits <= MAX_EDITS; edits += 1) {
    const before = rounds.at(-1) ?? new Map<number, number>();
    const reached = new Map<number, number>();
    rounds.push(reached);
    for (let line = -edits; line <= edits; line += 2) {
      const down = comesFromAbove(before, line, edits);
      let x = edits === 0 ? 0 : ((down ? before.get(line + 1) : (before.get(line - 1) ?? 0) + 1) ?? 0);
      while (x < from.length && x - line < to.length && from[x] === to[x - line]) x += 1;
      reached.set(line, x);
      if (x >= from.length && x - line >= to.length) return rounds;
    }
  }
  return null;
}

const comesFromAbove = (reached: ReadonlyMap<number, number>, line: number, edits: number): boolean =>
  line === -edits || (line !== edits && (reached.get(line - 1) ?? -1) < (reached.get(line + 1) ?? -1));
