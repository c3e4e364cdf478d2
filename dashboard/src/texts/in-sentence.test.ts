import { afterEach, expect, it, vi } from "vitest";

async function wordsIn(language: string) {
  localStorage.setItem("livetrail.language", JSON.stringify(language));
  vi.resetModules();
  const { inSentence } = await import("./in-sentence");
  return ["User id", "E-mail", "IP address", "Önskan"].map(inSentence);
}

afterEach(() => {
  localStorage.clear();
  vi.resetModules();
});

it("a label begins in lower case within a sentence, unless it is an abbreviation", async () => {
  expect(await wordsIn("en")).toEqual(["user id", "e-mail", "IP address", "önskan"]);
});

it("German nouns keep their capitals", async () => {
  expect(await wordsIn("de")).toEqual(["User id", "E-mail", "IP address", "Önskan"]);
});
