import { render } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Severity } from "../api/types";
import { GroupWords, groupText } from "./group-words";
import { SeverityMark } from "./marks";

it("names a group in words", () => {
  expect(groupText({ ip_address: "203.0.113.7", status_code: "403", user_id: "ada" }, null)).toBe(
    "user ada, 203.0.113.7, status 403",
  );
  expect(groupText({ error_type: "Timeout" }, "acme")).toBe("error type Timeout, tenant acme");
  expect(groupText({}, null)).toBe("the whole log");
});

it("shows a name beside the id that it stands for", () => {
  const { container } = render(
    <GroupWords group={{ user_id: "u-1" }} tenant={null} names={new Map([["user_id", "Ada Lovelace"]])} />,
  );
  expect(container).toHaveTextContent("user Ada Lovelace (u-1)");
});

it("shows a severity that it does not know as the least grave", () => {
  const { container } = render(<SeverityMark severity={"apocalypse" as Severity} />);
  expect(container).toHaveTextContent("Info:");
});
