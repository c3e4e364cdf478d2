/** The faults that the server finds in the text of a rule. */
import { ApiError } from "../../api/client";

export interface Fault {
  /** Counted from 1; null where the fault has no place. */
  line: number | null;
  text: string;
}

const PLACE = /^line (\d+)(?:, column \d+)?: /;

function readFault(detail: string): Fault {
  const place = PLACE.exec(detail);
  const text = place ? detail.slice(place[0].length) : detail;
  return { line: place ? Number(place[1]) : null, text };
}

/** Empty if the error is no refusal of a rule's text. */
export function faultsOf(error: unknown): Fault[] {
  if (!(error instanceof ApiError) || error.status !== 422) return [];
  const { errors, detail, title } = error.problem;
  const details = errors?.map((each) => each.detail) ?? [];
  return (details.length > 0 ? details : [detail || title]).map(readFault);
}

/** Where a line begins and ends in the text. */
export function spanOfLine(text: string, line: number): { from: number; to: number } {
  const lines = text.split("\n");
  const at = Math.min(Math.max(line, 1), lines.length) - 1;
  const from = lines.slice(0, at).reduce((sum, each) => sum + each.length + 1, 0);
  return { from, to: from + (lines[at]?.length ?? 0) };
}
