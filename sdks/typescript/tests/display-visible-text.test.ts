import { describe, expect, it } from "vitest";
import { piecesOf, visibleText } from "../src/display/visible-text.js";

describe("the text of a sender", () => {
  it.each([
    ["ada\u202Enimda", "ada⟨U+202E⟩nimda"],
    ["\u2066ada\u2069", "⟨U+2066⟩ada⟨U+2069⟩"],
    ["ad\u200Ba", "ad⟨U+200B⟩a"],
    ["ada\u200D", "ada⟨U+200D⟩"],
    ["ad\u00ADa", "ad⟨U+00AD⟩a"],
    ["ada\uFE0F", "ada⟨U+FE0F⟩"],
    ["u-1\uFE0F", "u-1⟨U+FE0F⟩"],
    ["ada\u3164", "ada⟨U+3164⟩"],
    ["ada\u2800", "ada⟨U+2800⟩"],
    ["ada\u{E0041}", "ada⟨U+E0041⟩"],
    ["ada\u2028", "ada⟨U+2028⟩"],
    ["ada\u0007", "ada⟨U+0007⟩"],
  ])("shows what is invisible in %j", (text, shown) => {
    expect(visibleText(text)).toBe(shown);
    expect(visibleText(text, true)).toBe(shown);
  });

  it.each([
    "Ada Lovelace",
    "Zoë Strauß-Øre",
    "山田\u3000太郎",
    "می\u200Cخواهم",
    "क्\u200Dष",
    "👩\u200D💻 ❤\uFE0F 1\uFE0F⃣ 👨🏽\u200D🚀",
    "שרה",
    "١٢٣",
    "",
  ])("leaves %j as it is", (text) => {
    expect(piecesOf(text)).toEqual(text === "" ? [] : [text]);
  });

  it.each([
    ["ada ", "ada⟨U+0020⟩"],
    [" ada", "⟨U+0020⟩ada"],
    ["ada  b", "ada⟨U+0020⟩ b"],
    ["ada\u00A0b", "ada⟨U+00A0⟩b"],
    ["ada\nb", "ada⟨U+000A⟩b"],
    ["   ", "⟨U+0020⟩⟨U+0020⟩⟨U+0020⟩"],
  ])("shows spaces by which the name %j could pass for another", (text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  it("keeps lines, tabs and spaces of a message", () => {
    const text = "At line 3:\r\n\tno\u00A0such  user \n";
    expect(piecesOf(text, true)).toEqual([text]);
  });
});
