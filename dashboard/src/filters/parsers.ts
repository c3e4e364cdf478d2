/** How parameters of the address are read. A text that makes no sense is null: `unread.ts` then names it. */
import { createParser } from "nuqs";
import { splitTerms } from "./terms";

/** What JavaScript and people can write as a date: the years 1 to 9999, in epoch seconds. */
const FIRST_SECOND = -62_135_596_800;
const LAST_SECOND = 253_402_300_799;

export const isTime = (seconds: number): boolean =>
  Number.isFinite(seconds) && seconds >= FIRST_SECOND && seconds <= LAST_SECOND;

/** Without an offset a time would mean another moment to each reader, so the API refuses it, and so does the page. */
const WITH_OFFSET = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:[Zz]|[+-]\d\d:\d\d)$/;

/** A moment as the API takes it: epoch seconds or RFC 3339. Links keep epoch seconds. */
export const parseAsMoment = createParser({
  parse: (text) => {
    const seconds = /^-?\d{1,12}(?:\.\d{1,6})?$/.test(text)
      ? Number(text)
      : WITH_OFFSET.test(text)
        ? Date.parse(text.toUpperCase()) / 1_000
        : Number.NaN;
    return isTime(seconds) ? seconds : null;
  },
  serialize: String,
});

/** No word that the API uses as a path beside the ids, such as `stream`: an id of an activity has a digit in it. */
export const parseAsId = createParser({
  parse: (text) => (/^(?=.*\d)[\w-]{1,64}$/.test(text) ? text : null),
  serialize: String,
});

export const parseAsPage = createParser({
  parse: (text) => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : null),
  serialize: String,
});

/** The server allows any size up to 100; a hand-written link may use one that no button offers. */
export const parseAsPageSize = createParser({
  parse: (text) => {
    const size = Number(text);
    return Number.isInteger(size) && size >= 1 && size <= 100 ? size : null;
  },
  serialize: String,
});

/** The library's own reads everything but "true" as false. */
export const parseAsYesNo = createParser({
  parse: (text) => (text === "true" ? true : text === "false" ? false : null),
  serialize: String,
});

const RESULTS: Record<string, "success" | "failure"> = {
  success: "success",
  true: "success",
  failure: "failure",
  false: "failure",
};

/** The API takes `true` and `false` as well. */
export const parseAsResult = createParser({
  parse: (text) => (Object.hasOwn(RESULTS, text) ? (RESULTS[text] ?? null) : null),
  serialize: String,
});

/** Several terms in the API's grammar, each as it stands there: an escaped comma parts nothing. */
export const parseAsTerms = createParser({
  parse: splitTerms,
  serialize: (terms: readonly string[]) => terms.join(","),
  eq: (a, b) => a.join() === b.join(),
});
