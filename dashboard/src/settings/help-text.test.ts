import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import da from "./help/da";
import de from "./help/de";
import es from "./help/es";
import { helpText, loadHelp } from "./help-text";

const REFERENCE = join(import.meta.dirname, "../../../docs/configuration.md");
const NOTES = [
  "given",
  "made and kept in the database, sealed",
  "not set",
  "not set; the seal key is derived from jwt-secret-key",
  "not set; the seal key is seal.key in the data folder",
  "without its password",
  "without its query",
];

afterEach(() => loadHelp("en"));

/** The settings that have a key in the file are those that the server tells. */
const english = [
  ...readFileSync(REFERENCE, "utf8").matchAll(/^\| `--[^|]*\| [^|]*\| `[\w-]+` \| (.*) \|$/gm),
].map(([, help = ""]) => help);

test.each([
  ["Danish", da],
  ["German", de],
  ["Spanish", es],
])("what each setting is for is said in %s", (_, texts) => {
  expect(Object.keys(texts).sort()).toEqual([...english, ...NOTES].sort());
  expect(Object.entries(texts).filter(([text, own]) => text === own || own === "")).toEqual([]);
});

test("a text that no translation knows stays as the server has it", async () => {
  await loadHelp("de");
  expect(helpText("not set")).toBe("nicht gesetzt");
  expect(helpText("A setting of a later version")).toBe("A setting of a later version");
  await loadHelp("fr");
  expect(helpText("not set")).toBe("not set");
});
