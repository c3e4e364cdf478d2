import { createLoader } from "nuqs";
import { describe, expect, it } from "vitest";
import { type View, viewParsers } from "../filters/view";
import { activity } from "../test/sample";
import { copiesOf, quoted } from "./copies";

const view = (search: string): View => createLoader(viewParsers)(search);
const copies = (search: string, over = {}) =>
  Object.fromEntries(
    copiesOf(activity(7, over), view(search), "https://log.example.com").map(({ label, text }) => [
      label,
      text(),
    ]),
  );

describe("the copies of an activity", () => {
  it("are a link, JSON, two commands with a placeholder for the key, and the list's filter", () => {
    const { JSON: json, ...rest } = copies("?user_id=a%2Cb&page=3&activity=id-7");
    expect(rest).toEqual({
      Link: "https://log.example.com/admin/activity?user_id=a%2Cb&activity=id-7",
      cURL: 'curl https://log.example.com/api/admin/activity/id-7 -H "Authorization: Bearer $LIVETRAIL_KEY"',
      "livetrail query":
        'livetrail query --url https://log.example.com --key "$LIVETRAIL_KEY" --filter q=id-7 --json',
      "Filter of the list": "user_id=a%2Cb",
    });
    expect(JSON.parse(json ?? "")).toMatchObject({ id: "id-7", user_id: "u-1" });
  });

  it("have no filter where there is none, and each has a key of its own", () => {
    expect(copies("")).not.toHaveProperty("Filter of the list");
    const keys = copiesOf(activity(1), view("?q=x"), "http://a").map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

it("a shell takes what is quoted as it is", () => {
  expect(quoted("q=a-1")).toBe("q=a-1");
  expect(quoted("it's $HOME `x` \n")).toBe("'it'\\''s $HOME `x` \n'");
});
