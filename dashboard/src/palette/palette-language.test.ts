import { afterEach, expect, it } from "vitest";
import da from "../texts/da";
import { translate } from "../texts/texts";
import { found } from "./command";
import { pageCommands } from "./go-commands";

afterEach(() => translate({} as typeof da));

const firstFor = (text: string) =>
  found(
    pageCommands(() => undefined),
    text,
    [],
  ).best[0];

it("finds a page by its name in the language of the page, and remembers it in any language", () => {
  const people = firstFor("people");
  translate(da);
  expect(firstFor("person")).toMatchObject({ group: "Sider", words: "Personer", id: people?.id });
});
