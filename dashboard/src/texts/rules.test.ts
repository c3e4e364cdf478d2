import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import da from "./da/rules";
import de from "./de/rules";
import es from "./es/rules";
import { ruleText, translateRules } from "./rules";

const DEFAULTS = join(import.meta.dirname, "../../../crates/livetrail-alerts/defaults");

afterEach(() => translateRules({}));

/** What the server has of the rules that it comes with. */
const english = readdirSync(DEFAULTS, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".toml"))
  .flatMap((path) => {
    const toml = readFileSync(join(DEFAULTS, path), "utf8");
    return [...toml.matchAll(/^(?:title|description) = (".*")$/gm)].map(([, text = ""]) => JSON.parse(text));
  })
  .sort();

test.each([
  ["Danish", da],
  ["German", de],
  ["Spanish", es],
])("each rule that Livetrail comes with has a title and a description in %s", (_, texts) => {
  expect(Object.keys(texts).sort()).toEqual(english);
  expect(Object.entries(texts).filter(([text, own]) => text === own || own === "")).toEqual([]);
});

test("a rule of the deployment reads as it was written", () => {
  translateRules(de);
  expect(ruleText("A second factor was switched off")).toBe("Ein zweiter Faktor wurde abgeschaltet");
  expect(ruleText("Our own rule")).toBe("Our own rule");
  expect(ruleText("constructor")).toBe("constructor");
});
