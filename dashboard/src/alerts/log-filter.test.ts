import { expect, it } from "vitest";
import { unreadParameters } from "../filters/unread";
import { logFilter } from "./log-filter";

it("widens the times of an alert to whole seconds, as the address of the log takes them", () => {
  const activities =
    "user_id=ada%2Cbo&success_filter=false&date_from=2027-01-15T08:00:00.123456Z&date_to=2027-01-15T08:00:05.000001Z";
  const filter = logFilter(activities);
  expect(filter.toString()).toBe(
    "user_id=ada%2Cbo&success_filter=false&date_from=1800000000&date_to=1800000006",
  );
  expect(unreadParameters(filter.toString())).toEqual([]);
});

it("keeps whole seconds, and what is no time", () => {
  expect(logFilter("date_from=1800000000&date_to=1800000000.5").toString()).toBe(
    "date_from=1800000000&date_to=1800000001",
  );
  expect(logFilter("date_from=soon&ip=203.0.113.7").toString()).toBe("date_from=soon&ip=203.0.113.7");
});
