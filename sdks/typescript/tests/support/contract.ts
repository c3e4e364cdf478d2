/** The cases that the SDKs of all languages replay. */
import { readFileSync } from "node:fs";

/** Cases that the server contradicts, which is right then. Its own answers stand in the tests of this SDK. */
const OUTDATED = [
  // Such an answer is a page of another server, and nothing is stored: answer.test.ts.
  "a good answer that is no JSON is good",
  // Elements of a list that are not addresses are skipped: encoding.test.ts.
  'no address is left out: ",192.0.2.7"',
];

/** Reads a file of cases; `{"$repeat": [text, times, end]}` stands for the text so often, then the end. */
export function contractCases<T>(file: string): T[] {
  const text = readFileSync(new URL(`../../../contract/${file}`, import.meta.url), "utf8");
  const cases = JSON.parse(text, (_, value: unknown) => (isRepeat(value) ? repeated(value) : value)) as T[];
  return cases.filter((one) => !OUTDATED.includes(String((one as { name?: unknown } | null)?.name)));
}

interface Repeat {
  $repeat: [text: string, times: number, end?: string];
}

function isRepeat(value: unknown): value is Repeat {
  return typeof value === "object" && value !== null && "$repeat" in value;
}

function repeated({ $repeat: [text, times, end = ""] }: Repeat): string {
  return text.repeat(times) + end;
}
