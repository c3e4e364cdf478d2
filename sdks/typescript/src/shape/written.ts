import { REDACTED } from "../redact/redaction.js";

/** The fields of an object that is being written, each with its JSON. */
export class Fields {
  readonly #fields = new Map<string, string>();
  /** The last number that was given to a key, so that each is tried once, however many fields become equal. */
  readonly #numbers = new Map<string, number>();

  /** Keys that redaction makes equal get numbers, so that no field is lost. */
  put(key: string, json: string): void {
    let name = key;
    while (key.includes(REDACTED) && this.#fields.has(name)) {
      const number = (this.#numbers.get(key) ?? 1) + 1;
      this.#numbers.set(key, number);
      name = `${key} ${number}`;
    }
    this.#fields.set(name, json);
  }

  toJson(): string {
    return `{${Array.from(this.#fields, ([key, json]) => `${JSON.stringify(key)}:${json}`).join(",")}}`;
  }
}
