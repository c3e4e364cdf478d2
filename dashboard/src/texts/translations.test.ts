import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import da from "./da";
import de from "./de";
import es from "./es";

const SOURCES = join(import.meta.dirname, "..");
const rooms = import.meta.glob<Record<string, string>>(["./da/*.ts", "!**/actions.ts"], {
  eager: true,
  import: "default",
});
const namesIn = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();

/** What the page's code has in quotes, JSX text apart: there each text is a key. */
const code = readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.|^texts\/(da|de|es)\//.test(path))
  .map((path) => readFileSync(join(SOURCES, path), "utf8"))
  .join("\n");

describe("translations", () => {
  it.each([
    ["Danish", da],
    ["German", de],
    ["Spanish", es],
  ])("into %s have the same values in each text", (_, texts) => {
    const wrong = Object.entries(texts).filter(([key, text]) => namesIn(key).join() !== namesIn(text).join());
    expect(wrong).toEqual([]);
  });

  it("stand in one room each", () => {
    const all = Object.entries(rooms).flatMap(([file, texts]) =>
      file.endsWith("/index.ts") ? [] : Object.keys(texts),
    );
    expect(all.filter((key, index) => all.indexOf(key) !== index)).toEqual([]);
  });

  it("are of texts that the page has", () => {
    const quoted = (key: string) => [JSON.stringify(key), `'${key}'`, `\`${key}\``];
    expect(Object.keys(da).filter((key) => !quoted(key).some((text) => code.includes(text)))).toEqual([]);
  });
});
