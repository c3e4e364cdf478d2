/** Reads what an answer means: for the request as a whole, and for each item. */
import { type FieldError, LivetrailError } from "../errors.js";
import type { Item, Outcome, Receipt } from "./item.js";
import type { Answer } from "./request.js";

/** Whether it settles the request. The same request may be answered better later, or by Livetrail itself. */
export function isFinal(answer: Answer, batch: readonly Item[]): boolean {
  const { status } = answer;
  if (status === 408 || status === 429 || status >= 500) return false;
  return !isSuccess(status) || isLivetrails(answer, batch);
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status <= 299;
}

/** Whether it says of each item what became of it. Other servers answer 200 to anything, and store nothing. */
function isLivetrails({ body }: Answer, batch: readonly Item[]): boolean {
  if (batch[0]?.userPath !== undefined) return text(body, "user_id") !== undefined;
  if (batch.length === 1) return receipt(body).receipt !== undefined;
  const rejected = byIndex(body, "rejected");
  const results = byIndex(body, "results");
  const isNamed = (_: Item, index: number) => rejected.has(index) || receipt(results.get(index)).receipt;
  return batch.every(isNamed) || countsOf(body) === batch.length;
}

/** The items that an answer counts; NaN where it does not count them. */
function countsOf(body: unknown): number {
  if (!isObject(body) || !Array.isArray(body.rejected)) return Number.NaN;
  const { accepted, duplicates, rejected } = body;
  const areCounts = typeof accepted === "number" && typeof duplicates === "number";
  return areCounts ? accepted + duplicates + rejected.length : Number.NaN;
}

/** Whether some items of a batch that was refused may be good, so that it should be sent in parts. */
export function isDivisible(status: number, batch: readonly Item[]): boolean {
  if (batch.length < 2) return false;
  return [400, 409, 413, 422].includes(status) || (status === 403 && batch.some((item) => item.namesTenant));
}

/** What became of each item, by an answer that is final. */
export function outcomes(answer: Answer, batch: readonly Item[]): Outcome[] {
  const { status, body } = answer;
  if (!isSuccess(status)) return batch.map((item) => refused(item, status, body));
  if (batch.length === 1) return [{ ok: true, ...receipt(body) }];
  const rejected = byIndex(body, "rejected");
  const results = byIndex(body, "results");
  return batch.map((item, index) =>
    rejected.has(index)
      ? refused(item, status, rejected.get(index))
      : { ok: true, ...receipt(results.get(index)) },
  );
}

function refused(item: Item, status: number, body: unknown): Outcome {
  const errors = fieldErrors(body);
  const said = text(body, "detail") ?? text(body, "title") ?? "";
  const why =
    errors.length > 0 ? errors.map(({ pointer, detail }) => `${pointer} ${detail}`).join("; ") : said;
  const message = `Livetrail refused ${item.userPath ? "a user" : "an activity"} (${status})${why && `: ${why}`}`;
  const error = new LivetrailError("refused", message, { status, errors, activityId: item.id });
  return { ok: false, lost: "rejected", error };
}

function receipt(body: unknown): { receipt?: Receipt } {
  if (!isObject(body) || typeof body.position !== "number" || typeof body.id !== "string") return {};
  return { receipt: { id: body.id, position: body.position, duplicate: body.duplicate === true } };
}

function byIndex(body: unknown, name: string): Map<number, unknown> {
  const entries = isObject(body) && Array.isArray(body[name]) ? body[name] : [];
  return new Map(entries.filter(isObject).map((entry) => [Number(entry.index), entry]));
}

function fieldErrors(body: unknown): FieldError[] {
  const errors = isObject(body) && Array.isArray(body.errors) ? body.errors : [];
  return errors.filter(isObject).map((error) => ({
    pointer: text(error, "pointer") ?? "",
    detail: text(error, "detail") ?? "",
  }));
}

function text(body: unknown, name: string): string | undefined {
  return isObject(body) && typeof body[name] === "string" ? body[name] : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
