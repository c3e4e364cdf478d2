import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DEFINITION } from "../../test/sample";
import { spanInWords, wordsOf } from "./rule-words";
import { readToml } from "./toml";

const DEFAULTS = join(import.meta.dirname, "../../../../crates/livetrail-alerts/defaults");
const rules = readdirSync(DEFAULTS, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".toml"))
  .map((name) => ({ name, text: readFileSync(join(DEFAULTS, name), "utf8") }));
const textOf = (id: string) => rules.find(({ name }) => name.endsWith(`${id}.toml`))?.text ?? "";
const sentenceOf = (id: string) => wordsOf(textOf(id))?.sentence;

describe("a rule in words", () => {
  it("says what has to happen, and which activities are looked at", () => {
    expect(wordsOf(DEFINITION)).toEqual({
      sentence: "10 or more activities of one user within 10 minutes.",
      filter: [
        { name: "action", value: "user_login or login" },
        { name: "result", value: "failure" },
      ],
    });
  });

  it("is there for every rule that comes with the server", () => {
    expect(rules.length).toBeGreaterThan(10);
    for (const { name, text } of rules) {
      const words = wordsOf(text);
      expect(words?.sentence, name).toMatch(/^[A-Z0-9].*\.$/s);
      expect(JSON.stringify(words), name).not.toMatch(/undefined|NaN|\[object| {2}/);
    }
  });

  it("says each kind of condition", () => {
    expect(sentenceOf("password-spraying")).toBe(
      "Activities of one address with 10 or more different values of user within 10 minutes.",
    );
    expect(sentenceOf("guessed-password")).toBe(
      "Within 10 minutes, of one user: 10 or more activities with result failure, then an activity with result success.",
    );
    expect(sentenceOf("refusals-of-a-user")).toBe(
      "50% or more of the activities of one user within 5 minutes have status 403, where there are at least 40.",
    );
    expect(sentenceOf("silence")).toBe(
      "No activity of one endpoint for 10 minutes, after 100 or more within 1 hour.",
    );
    expect(sentenceOf("admin-outside-hours")).toBe(
      "An activity of one user outside 07:00–20:00 on Mon, Tue, Wed, Thu, Fri (Europe/Berlin). Those within 4 hours are one alert.",
    );
    expect(sentenceOf("new-admin")).toBe(
      "Every activity that matches. Those of one user within 1 hour are one alert.",
    );
    expect(sentenceOf("admin-from-new-network")).toBe(
      "Activities of one user with a network that was not seen there within 30 days. It learns for 7 days first.",
    );
  });

  it("says 'not' of what a filter leaves out", () => {
    expect(wordsOf(textOf("new-admin"))?.filter).toContainEqual({
      name: "resource type",
      value: "not livetrail",
    });
  });

  it("is missing where the text is none of a rule, or of a newer server's", () => {
    for (const text of ["", "not TOML", "[condition]", DEFINITION.replace("event_count", "constructor")]) {
      expect(wordsOf(text), text).toBeNull();
    }
  });

  it("has durations in words", () => {
    expect(["1s", "10m", "1h", "30d", "soon"].map(spanInWords)).toEqual([
      "1 second",
      "10 minutes",
      "1 hour",
      "30 days",
      "soon",
    ]);
  });
});

describe("the text of a rule", () => {
  it("is read with comments, lists over lines, tables in a line and dotted keys", () => {
    const text =
      `a = 1_000 # "not a text"\nb.c = 'it''s'`.replace("''", "") +
      `\n[d."e f"]\nx = [\n  { y = true }, # one\n  { z = "#\\"" },\n]\n`;
    expect(JSON.stringify(readToml(text))).toBe(
      '{"a":1000,"b":{"c":"its"},"d":{"e f":{"x":[{"y":true},{"z":"#\\""}]}}}',
    );
  });

  it("is not read where anything of it is not understood", () => {
    for (const text of [
      'a = """x"""',
      "a = ",
      "a = [1",
      "a = {b = 1",
      "a = 1\na = 2",
      "a = 1\n[a]",
      "= 1",
      "[a",
      "a = x",
    ]) {
      expect(readToml(text), text).toBeNull();
    }
  });

  it("makes nothing of names that objects have by themselves", () => {
    expect(readToml("[__proto__]\npolluted = true")).not.toBeNull();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});
