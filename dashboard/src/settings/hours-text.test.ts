import { expect, test } from "vitest";
import { hoursText } from "./hours-text";

test("a time is said in days where it is a number of them", () => {
  expect([null, 24, 2_160, 36].map(hoursText)).toEqual(["Without an end", "1 day", "90 days", "36 hours"]);
});
