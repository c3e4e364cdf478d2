import { writeJson } from "../api/json";

/** Text that reads as another kind of value, or as nothing, is quoted: a change from 1 to "1" must show. */
const NEEDS_QUOTES = /^$|^\s|\s$|^(?:true|false|null|[[{"].*|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)$/s;

/** A value before or after a change. */
export const changeText = (value: unknown): string =>
  typeof value === "string" && !NEEDS_QUOTES.test(value) ? value : writeJson(value);
