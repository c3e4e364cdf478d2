import { afterEach, describe, expect, it } from "vitest";
import da from "../texts/da";
import de from "../texts/de";
import es from "../texts/es";
import { translate } from "../texts/texts";
import { completionsOf } from "./completion";
import { FIELDS, type Field } from "./fields";
import { readToken, writeToken } from "./token-text";
import type { Token } from "./tokens";
import { NO_FILTER } from "./view";

const VALUES: Record<Exclude<Field["kind"], "time">, string[][]> = {
  terms: [["a"], ["a", "b"]],
  text: [["a, b"]],
  result: [["success"], ["failure"]],
  flag: [[]],
};

const TOKENS: readonly Token[] = FIELDS.flatMap(({ kind, key }) =>
  kind === "time" ? [] : VALUES[kind].map((values) => ({ field: key, not: kind === "flag", values })),
);

const first = (text: string) => {
  const [option] = completionsOf({
    text,
    filter: NO_FILTER,
    me: null,
    facets: null,
    textSearch: false,
    now: 0,
  });
  return option && "apply" in option.act ? option.act.apply : null;
};

afterEach(() => translate({} as typeof da));

describe.each([
  ["Danish", da],
  ["German", de],
  ["Spanish", es],
])("what is typed in %s", (_, texts) => {
  it("is read as it is written", () => {
    translate(texts);
    expect(TOKENS.map((token) => readToken(writeToken(token)))).toEqual(TOKENS);
  });

  it("is offered first as what it says, because Enter takes that", () => {
    translate(texts);
    const typed = TOKENS.filter(({ field }) => field === "success_filter" || field === "is_admin");
    expect(typed.map((token) => first(writeToken(token)))).toEqual(typed);
  });

  it("may be typed in English as well", () => {
    translate(texts);
    expect(readToken("result:failed")?.values).toEqual(["failure"]);
    expect(readToken("admins:no")?.not).toBe(true);
    expect(readToken("resource type:a")?.field).toBe("resource_type");
    expect(readToken("time:last 7 days")?.field).toBe("time");
  });

  it("is a range of time by its name", () => {
    translate(texts);
    expect(readToken(`${texts.time}:${texts["last 7 days"]}`)).toEqual(readToken("time:7d"));
  });
});
