import { expect, it } from "vitest";
import { describeTerms, literally } from "./terms";

it.each([
  ["ada", "ada"],
  ["ada,ben", "ada or ben"],
  ["!ada", "not ada"],
  ["ada, !ben,!cleo", "ada, not ben or cleo"],
  ["10.0.0.0/8", "10.0.0.0/8"],
  ["", ""],
])("says in words what %j takes", (filter, words) => {
  expect(describeTerms(filter)).toBe(words);
});

it.each(["!a,b\\c", "\\", "a,,b", "!!", "C:\\x", "👩\u200D💻,"])(
  "takes %j of a row as it stands",
  (value) => {
    expect(describeTerms(literally(value))).toBe(value);
  },
);

it("escapes no more than what has a meaning", () => {
  expect(literally("!a,b\\c")).toBe("\\!a\\,b\\\\c");
  expect(literally("user!1@example.org")).toBe("user!1@example.org");
});
