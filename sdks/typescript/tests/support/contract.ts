/** The cases that the SDKs of all languages replay. */
import { readFileSync } from "node:fs";

/** Reads a file of cases; `{"$repeat": [text, times, end]}` stands for the text so often, then the end. */
export function contractCases<T>(file: string): T[] {
  const text = readFileSync(new URL(`../../../contract/${file}`, import.meta.url), "utf8");
  return JSON.parse(text, (_, value: unknown) => (isRepeat(value) ? repeated(value) : value)) as T[];
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
