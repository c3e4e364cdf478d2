/**
 * Reads the part of TOML that rules are written in, in order to say in words what a rule looks for. The server alone
 * decides what a rule is: a text that cannot be read here is shown as it stands.
 */
export type TomlValue = string | number | boolean | readonly TomlValue[] | TomlTable;
export interface TomlTable {
  [key: string]: TomlValue;
}

/** The document, or null where it has something that is not read here. */
export function readToml(text: string): TomlTable | null {
  try {
    return new Reader(text).document();
  } catch {
    return null;
  }
}

const NUMBER = /[+-]?[\d_]+(?:\.[\d_]+)?(?:[eE][+-]?\d+)?/y;
const BARE_KEY = /[\w-]+/y;
const BASIC = /"((?:[^"\\\n]|\\["\\])*)"/y;
const LITERAL = /'([^'\n]*)'/y;
const BLANK = /(?:[ \t\r\n]|#[^\n]*)*/y;
const IN_LINE = /[ \t]*/y;
const WORD = /true|false/y;

class Reader {
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  document(): TomlTable {
    const root = table();
    let current = root;
    for (this.match(BLANK); this.at < this.text.length; this.match(BLANK)) {
      if (this.take("[")) {
        current = root;
        for (const key of this.path()) current = inner(current, key);
        this.expect("]");
      } else this.entry(current);
    }
    return root;
  }

  private entry(into: TomlTable): void {
    const path = this.path();
    const last = path.pop() ?? this.fail();
    this.expect("=");
    const place = path.reduce(inner, into);
    if (Object.hasOwn(place, last)) this.fail();
    place[last] = this.value();
  }

  private path(): string[] {
    const keys: string[] = [];
    do {
      this.match(IN_LINE);
      keys.push(this.quoted() ?? this.match(BARE_KEY)?.[0] ?? this.fail());
      this.match(IN_LINE);
    } while (this.take("."));
    return keys;
  }

  private value(): TomlValue {
    this.match(BLANK);
    if (this.take("[")) return this.list("]", () => this.value());
    if (this.take("{")) {
      const filled = table();
      this.list("}", () => this.entry(filled));
      return filled;
    }
    const text = this.quoted();
    if (text !== null) return text;
    const word = this.match(WORD);
    if (word) return word[0] === "true";
    return Number((this.match(NUMBER)?.[0] ?? this.fail()).replaceAll("_", ""));
  }

  private list<Item>(end: string, item: () => Item): Item[] {
    const items: Item[] = [];
    this.match(BLANK);
    while (!this.take(end)) {
      items.push(item());
      this.match(BLANK);
      if (!this.take(",") && this.text[this.at] !== end) this.fail();
      this.match(BLANK);
    }
    return items;
  }

  private quoted(): string | null {
    if (this.text.startsWith('"""', this.at) || this.text.startsWith("'''", this.at)) this.fail();
    const basic = this.match(BASIC);
    if (basic) return (basic[1] ?? "").replace(/\\(.)/g, "$1");
    return this.match(LITERAL)?.[1] ?? null;
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  private take(token: string): boolean {
    const isThere = this.text.startsWith(token, this.at);
    if (isThere) this.at += token.length;
    return isThere;
  }

  private expect(token: string): void {
    if (!this.take(token)) this.fail();
  }

  private fail(): never {
    throw new SyntaxError(`not read at ${this.at}`);
  }
}

const table = (): TomlTable => Object.create(null) as TomlTable;

function inner(parent: TomlTable, key: string): TomlTable {
  const known = Object.hasOwn(parent, key) ? parent[key] : undefined;
  if (known === undefined) {
    const made = table();
    parent[key] = made;
    return made;
  }
  if (!isTable(known)) throw new SyntaxError(`${key} is not a table`);
  return known;
}

export const isTable = (value: TomlValue | undefined): value is TomlTable =>
  typeof value === "object" && !Array.isArray(value);
