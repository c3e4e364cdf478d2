import { expect, it } from "vitest";
import { sentenceParts } from "../src/display/sentence.js";

const parts = (description: string, target: string | null = null, name = "Ada") =>
  sentenceParts({
    description,
    user_id: "u-1",
    user_email: null,
    user_display_name: name,
    target_user_id: null,
    target_resource_id: target,
  }).map(({ role, text: words }) => `${role}:${words}`);

it("parts a sentence into its user, its words and its target", () => {
  expect(parts("Ada uploaded a.pdf", "a.pdf")).toEqual(["user:Ada", "words: uploaded ", "target:a.pdf"]);
  expect(parts("Ada suspended Bo today", "Bo")).toEqual([
    "user:Ada",
    "words: suspended ",
    "target:Bo",
    "words: today",
  ]);
});

it("takes no part of another word for a name", () => {
  expect(parts("Adam signed in")).toEqual(["words:Adam signed in"]);
  expect(parts("Ada signed in", "in1")).toEqual(["user:Ada", "words: signed in"]);
  expect(parts("Ada signed in", "sign")).toEqual(["user:Ada", "words: signed in"]);
});

it("finds the target behind the user of the same name", () => {
  expect(parts("Ada suspended Ada", "Ada")).toEqual(["user:Ada", "words: suspended ", "target:Ada"]);
});

it("finds names whose invisible characters the server shows", () => {
  expect(parts("ada⟨U+202E⟩nimda signed in", null, "ada\u202Enimda")).toEqual([
    "user:ada⟨U+202E⟩nimda",
    "words: signed in",
  ]);
});

it("finds a user within the sentence", () => {
  expect(parts("The session of Ada expired")).toEqual([
    "words:The session of ",
    "user:Ada",
    "words: expired",
  ]);
  expect(parts("Alert x was raised for Ada", "x")).toEqual([
    "words:Alert ",
    "target:x",
    "words: was raised for ",
    "user:Ada",
  ]);
});

it("takes one name for one thing", () => {
  expect(parts("The session of Ada expired", "Ada")).toEqual([
    "words:The session of ",
    "user:Ada",
    "words: expired",
  ]);
});

it("leaves a sentence without its names whole", () => {
  expect(parts("Alert x was raised", "y")).toEqual(["words:Alert x was raised"]);
});
