import { describe, expect, it } from "vitest";
import { FIELDS } from "./fields";
import { describeTerms, listTerms, readTerms } from "./terms";
import { readToken, readTyped, writeToken } from "./token-text";
import { fullWords, shortWords } from "./token-words";
import { filterOf, hasToken, type Token, tokensOf, withoutToken, withToken } from "./tokens";
import { type Filter, filterQuery, NO_FILTER } from "./view";

const HOSTILE = [
  "ada",
  "!ada",
  "a,b",
  "back\\slash",
  "a:b",
  "2001:db8::/32",
  "-x",
  "<b>",
  "‮x",
  "404",
  "ä ö",
  '"',
];

/** The same numbers every time, so that a failure can be looked into. */
function* numbers(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    yield state;
  }
}

function randomFilter(next: () => number): Filter {
  const filter: Record<string, unknown> = { ...NO_FILTER };
  const values = () => [
    ...new Set(Array.from({ length: next() % 4 }, () => HOSTILE[next() % HOSTILE.length] ?? "")),
  ];
  for (const field of FIELDS) {
    if (next() % 2 === 0) continue;
    if (field.kind === "flag") filter[field.key] = next() % 2 === 0;
    else if (field.kind === "result") filter[field.key] = next() % 2 === 0 ? "success" : "failure";
    else if (field.kind === "text") filter[field.key] = HOSTILE[next() % HOSTILE.length];
    else if (field.kind === "time") {
      filter.date_from = next() % 2 === 0 ? null : next();
      filter.date_to = next() % 2 === 0 ? null : next();
    } else {
      const any = values();
      const list = listTerms({ any, none: values().filter((value) => !any.includes(value)) });
      filter[field.key] = field.key === "action_filter" ? list : list.join(",") || null;
    }
  }
  return filter as Filter;
}

describe("tokens", () => {
  it("say all of a filter, and a filter is all that they say", () => {
    const source = numbers(7);
    const next = () => source.next().value as number;
    for (let round = 0; round < 400; round += 1) {
      const filter = randomFilter(next);
      const query = filterQuery(filter).toString();
      expect(filterQuery(filterOf(tokensOf(filter))).toString()).toBe(query);
      const tokens = tokensOf(filter);
      for (const token of tokens) {
        expect(hasToken(filter, token)).toBe(true);
        const without = { ...filter, ...withoutToken(filter, token) };
        expect(tokensOf(without)).toHaveLength(tokens.length - 1);
        expect(filterQuery({ ...without, ...withToken(without, token) }).toString().length).toBe(
          query.length,
        );
      }
    }
  });

  it("are read as they are written", () => {
    const source = numbers(11);
    const next = () => source.next().value as number;
    for (let round = 0; round < 400; round += 1) {
      for (const token of tokensOf(randomFilter(next)).filter(({ field }) => field !== "time")) {
        expect(readToken(writeToken(token))).toEqual(token);
      }
    }
  });

  it("name every filter that the API has", () => {
    const named = FIELDS.flatMap(({ key }) => (key === "time" ? ["date_from", "date_to"] : [key]));
    expect(named.sort()).toEqual(Object.keys(NO_FILTER).sort());
  });

  it("move a value between what is taken and what is left out", () => {
    const not = (filter: Filter, ...values: string[]): Filter => ({
      ...filter,
      ...withToken(filter, { field: "user_id", not: true, values }),
    });
    const filter = not({ ...NO_FILTER, user_id: "ada,ben" }, "ada");
    expect(filter.user_id).toBe("ben,!ada");
    expect(
      { ...filter, ...withToken(filter, { field: "user_id", not: false, values: ["ada"] }) }.user_id,
    ).toBe("ben,ada");
  });

  it("have the reader's own acts apart", () => {
    const filter = { ...NO_FILTER, user_id: "!me,!ada", read_by: "!ben,!me" };
    const words = tokensOf(filter, "me").map((token) => fullWords(token, "me"));
    expect(words).toEqual(["user not ada", "not by me", "read by not ben", "not read by me"]);
    expect(withoutToken(filter, { field: "user_id", not: true, values: ["me"] })).toEqual({
      user_id: "!ada",
    });
  });
});

describe("the words of a token", () => {
  const words = (token: Partial<Token>) =>
    fullWords({ field: "action_filter", not: false, values: [], ...token }, null);

  it.each([
    [{ values: ["user_login", "user_logout"] }, "action user_login or user_logout"],
    [{ values: ["user_login", "user_logout"], not: true }, "action not user_login or user_logout"],
    [{ field: "success_filter", values: ["failure"] }, "result failed"],
    [{ field: "is_admin", not: true }, "not admins"],
    [{ field: "q", values: ["50%"] }, "search “50%”"],
  ] as [Partial<Token>, string][])("%j", (token, text) => {
    expect(words(token)).toBe(text);
  });

  it("say of many values how many there are more, and that they are left out", () => {
    const token: Token = { field: "action_filter", not: true, values: ["a", "b", "c", "d", "e"] };
    expect(shortWords(token, null)).toEqual({ label: "action", not: true, value: "a or b +3" });
  });
});

describe("what is typed", () => {
  it.each([
    ["status:404", "status", false, [], "404"],
    ["-status:4xx,50", "status", true, ["4xx"], "50"],
    ["−action:user_login,", "action", true, ["user_login"], ""],
    ["ip:2001:db8::/32", "ip", false, [], "2001:db8::/32"],
    ["Resource Type: document", "resource type", false, [], "document"],
    ["resource_type:document", "resource type", false, [], "document"],
    ["endpoint:/a\\,b", "endpoint", false, [], "/a\\,b"],
  ])("%s is a field and its values", (text, name, not, done, last) => {
    expect(readTyped(text)).toMatchObject({ field: { name }, not, done, last });
  });

  it.each(["hello", "2001:db8::1", "https://example.org/a", "constructor:x", ": x", ""])(
    "%j names no field",
    (text) => {
      expect(readTyped(text)).toBeNull();
    },
  );

  it.each([
    ["result:failed", { success_filter: "failure" }],
    ["-result:failed", { success_filter: "success" }],
    ["admins:no", { is_admin: false }],
    ["-admins:", { is_admin: false }],
    ["text:a, b", { text: "a, b" }],
    ["user:!ada", { user_id: "ada" }],
  ])("%s becomes a filter", (text, change) => {
    const token = readToken(text);
    expect(token && withToken(NO_FILTER, token)).toEqual(change);
  });

  it("is a range of time by its name", () => {
    expect(readToken("time:24h")?.values[1]).toBe("");
    expect(readToken("time:last 7 days")?.field).toBe("time");
    expect(readToken("time:soon")).toBeNull();
  });
});

it("terms are listed as they are read", () => {
  expect(listTerms(readTerms("ada, !ben,!cleo"))).toEqual(["ada", "!ben", "!cleo"]);
  expect(describeTerms("!ada")).toBe("not ada");
});
