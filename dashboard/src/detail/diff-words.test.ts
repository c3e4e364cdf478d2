import { describe, expect, it } from "vitest";
import { diffWords, type Piece } from "./diff-words";

const side = (pieces: readonly Piece[], kind: "gone" | "new") =>
  pieces
    .filter((piece) => piece.kind === "kept" || piece.kind === kind)
    .map((piece) => piece.text)
    .join("");

const marked = (before: string, after: string) =>
  diffWords(before, after)
    .map(({ kind, text }) => (kind === "kept" ? text : kind === "gone" ? `[-${text}-]` : `[+${text}+]`))
    .join("");

describe("the words that have changed", () => {
  it.each([
    ["the quick brown fox", "the slow brown fox", "the [-quick-][+slow+] brown fox"],
    ["a b c", "a c", "a [-b -]c"],
    ["a c", "a b c", "a [+b +]c"],
    ["", "new", "[+new+]"],
    ["old", "", "[-old-]"],
    ["same", "same", "same"],
    ["", "", ""],
    ["Grüße, René", "Grüße, Renée", "Grüße, [-René-][+Renée+]"],
    ["one  two", "one two", "one[-  -][+ +]two"],
    ["a x b y c", "a b c", "a [-x -]b[- y-] c"],
  ])("from %j to %j", (before, after, expected) => {
    expect(marked(before, after)).toBe(expected);
  });

  it("are found without losing a character, whatever the texts are", () => {
    const letters = ["a", "b", " ", "\n", ".", "\u202e", "😀", "é", "\ud83d"];
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((seed / 2_147_483_648) * below);
    };
    const text = () => Array.from({ length: random(40) }, () => letters[random(letters.length)]).join("");
    for (let round = 0; round < 2_000; round += 1) {
      const [before, after] = [text(), text()];
      const pieces = diffWords(before, after);
      expect(side(pieces, "gone")).toBe(before);
      expect(side(pieces, "new")).toBe(after);
      expect(pieces.every((piece) => piece.text !== "")).toBe(true);
    }
  });

  it("are as few as can be", () => {
    const count = (before: string, after: string) =>
      diffWords(before, after).reduce((sum, { kind, text }) => sum + (kind === "kept" ? 0 : text.length), 0);
    // The classic example of Myers: five edits.
    expect(count("A,B,C,A,B,B,A".replaceAll(",", "."), "C.B.A.B.A.C")).toBeLessThanOrEqual(9);
    expect(count("a.b.c.d.e", "a.b.x.d.e")).toBe(2);
  });

  it("are bounded: two texts that share nothing stand as a whole, at once", () => {
    const before = Array.from({ length: 12_000 }, (_, index) => `a${index}`).join(" ");
    const after = Array.from({ length: 12_000 }, (_, index) => `b${index}`).join("\n");
    const began = process.cpuUsage();
    const pieces = diffWords(`x ${before} y`, `x ${after} y`);
    // It takes a fraction of this; were it not bounded, it would run out of memory.
    expect(process.cpuUsage(began).user).toBeLessThan(5_000_000);
    expect(pieces.map(({ kind }) => kind)).toEqual(["kept", "gone", "new", "kept"]);
    expect(side(pieces, "gone")).toBe(`x ${before} y`);
  });
});
