import { describe, expect, it } from "vitest";
import { type Command, found, offered } from "./command";

const command = (words: string, over: Partial<Command> = {}): Command => ({
  id: words,
  group: "Pages",
  words,
  act: { run: () => undefined },
  ...over,
});
const ALL = [
  command("Alerts"),
  command("Rules of alerts"),
  command("People", { also: "users persons" }),
  command("Show the column E-mail", { also: "hide columns" }),
  command("user …", { group: "Filter the log" }),
];
const all = (...search: Parameters<typeof found>) => Object.values(found(...search)).flat();
const wordsOf = (commands: Command[]) => commands.map(({ words }) => words);

describe("a text finds commands", () => {
  it("by the beginnings of their words, the first word first", () => {
    expect(wordsOf(all(ALL, "al", []))).toEqual(["Alerts", "Rules of alerts"]);
    expect(wordsOf(all(ALL, "rul al", []))).toEqual(["Rules of alerts"]);
  });

  it("by other words for the same, after those that have the word itself", () => {
    expect(wordsOf(all(ALL, "user", []))).toEqual(["user …", "People"]);
  });

  it("within words from two letters on", () => {
    expect(wordsOf(all(ALL, "mail", []))).toEqual(["Show the column E-mail"]);
    expect(wordsOf(all(ALL, "m", []))).toEqual([]);
  });

  it("of equals the ones first that were chosen lately", () => {
    const equals = [command("Page one"), command("Page two"), command("Page three")];
    expect(wordsOf(all(equals, "page", ["Page three", "Page two"]))).toEqual([
      "Page three",
      "Page two",
      "Page one",
    ]);
  });
});

describe("without a text", () => {
  it("everything is offered, first what was chosen lately, and nothing twice", () => {
    const shown = offered(ALL, ["People", "gone", "Alerts"]);
    expect(shown.slice(0, 2).map(({ group, words }) => [group, words])).toEqual([
      ["Recent", "People"],
      ["Recent", "Alerts"],
    ]);
    expect(shown).toHaveLength(ALL.length);
  });
});
