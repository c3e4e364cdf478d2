import { describe, expect, it } from "vitest";
import { ApiError } from "../../api/client";
import { faultsOf, spanOfLine } from "./faults";

const refusal = (status: number, details: string[], detail = "The rule has faults") =>
  new ApiError({
    type: "about:blank",
    title: "Invalid",
    status,
    detail,
    errors: details.map((text) => ({ pointer: "/definition", detail: text })),
  });

describe("the faults of a rule", () => {
  it("are told by their lines", () => {
    expect(
      faultsOf(refusal(422, ["line 3, column 1: `severity` must be info", "is too long", "line 12: no"])),
    ).toEqual([
      { line: 3, text: "`severity` must be info" },
      { line: null, text: "is too long" },
      { line: 12, text: "no" },
    ]);
  });

  it("are the refusal itself where there is only one sentence", () => {
    expect(faultsOf(refusal(422, [], "line 2, column 5: is not TOML"))).toEqual([
      { line: 2, text: "is not TOML" },
    ]);
  });

  it("are none in any other error", () => {
    expect(faultsOf(refusal(409, ["line 1: x"]))).toEqual([]);
    expect(faultsOf(new Error("line 1: x"))).toEqual([]);
  });

  it("have a place in the text", () => {
    const text = "one\ntwo\nthree";
    const lineAt = (line: number) => {
      const { from, to } = spanOfLine(text, line);
      return text.slice(from, to);
    };
    expect([1, 2, 3, 0, 99].map(lineAt)).toEqual(["one", "two", "three", "one", "three"]);
  });
});
