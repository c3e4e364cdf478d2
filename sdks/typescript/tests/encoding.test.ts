import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import type { NewActivity } from "../src/index.js";
import { looksLikeCredential } from "../src/redact/guess.js";
import { SecretKeys } from "../src/redact/keys.js";
import { Redaction } from "../src/redact/redaction.js";
import { findSecrets } from "../src/redact/scan.js";
import { encode } from "../src/shape/encode.js";
import { Fields } from "../src/shape/written.js";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.";

function encoded(facts: Record<string, unknown>, redaction = Redaction.standard()): Record<string, unknown> {
  const activity = { user_id: "u", action_type: "a", ...facts };
  return JSON.parse(encode(activity as unknown as NewActivity, NOW, redaction).json) as Record<
    string,
    unknown
  >;
}

const details = (value: unknown) => encoded({ details: value }).details;

describe("what JSON has no form for", () => {
  it("becomes text, a number or an object that says the same", () => {
    expect(
      details({
        date: new Date(NOW),
        noDate: new Date(Number.NaN),
        nan: Number.NaN,
        infinite: Number.POSITIVE_INFINITY,
        small: 7n,
        large: 2n ** 70n,
        map: new Map([["a", new Set([1, 2])]]),
        pattern: /x/g,
        bytes: new Uint8Array(3),
        url: new URL("https://example.com/a"),
      }),
    ).toEqual({
      date: "2026-01-02T03:04:05.678Z",
      noDate: "Invalid Date",
      nan: "NaN",
      infinite: "Infinity",
      small: 7,
      large: "1180591620717411303424",
      map: { a: [1, 2] },
      pattern: "/x/g",
      bytes: "[3 bytes]",
      url: "https://example.com/a",
    });
  });

  it("is data where it is a collection of the web, a key that occurs again a list", () => {
    const form = new FormData();
    for (const value of ["x", "y"]) form.append("tag", value);
    form.append("file", new File(["abc"], "a.txt", { type: "text/plain" }));
    expect(
      details({
        form,
        headers: new Headers([
          ["Accept", "text/html"],
          ["X-Trace", "1"],
        ]),
        query: new URLSearchParams("page=2&tag=a&tag=b"),
        map: new Map<unknown, unknown>([
          [1, "one"],
          [{ a: 1 }, "x"],
          [{ a: 2 }, "y"],
        ]),
        blob: new Blob(["abc"]),
        inner: new Set([new Map([["a", new Set()]])]),
      }),
    ).toEqual({
      form: { tag: ["x", "y"], file: { name: "a.txt", type: "text/plain", size: 3 } },
      headers: { accept: "text/html", "x-trace": "1" },
      query: { page: "2", tag: ["a", "b"] },
      map: { 1: "one", '{"a":1}': "x", '{"a":2}': "y" },
      blob: { type: "", size: 3 },
      inner: [{ a: [] }],
    });
  });

  it("is redacted in collections as in objects", () => {
    const form = new FormData();
    form.append("password", "hunter2");
    form.append("user", "ada");
    const headers = new Headers({ authorization: "Bearer x", cookie: "sid=1", accept: "*/*" });
    const query = new URLSearchParams({ access_token: "x", page: "2" });
    expect(details({ form, headers, query, map: new Map([["api_key", "x"]]) })).toEqual({
      form: { password: "[redacted]", user: "ada" },
      headers: { accept: "*/*", authorization: "[redacted]", cookie: "[redacted]" },
      query: { access_token: "[redacted]", page: "2" },
      map: { api_key: "[redacted]" },
    });
  });

  it("is known also where another realm has made it", () => {
    const [map, date, error] = runInNewContext(
      "[new Map([['token', 'x']]), new Date(0), Object.assign(new RangeError('no'), { code: 'E1' })]",
    );
    expect(details({ map, date, error })).toEqual({
      map: { token: "[redacted]" },
      date: "1970-01-01T00:00:00.000Z",
      error: { name: "RangeError", code: "E1" },
    });
  });

  it("is no less harmless where it only pretends", () => {
    const pretends = { [Symbol.toStringTag]: "Map", size: 1 };
    expect(details({ pretends, good: 1 })).toEqual({ pretends: "[unreadable]", good: 1 });
  });

  it("is left out where JSON leaves it out", () => {
    expect(details({ a: undefined, b: () => {}, c: Symbol("c"), d: [undefined, () => {}] })).toEqual({
      d: [null, null],
    });
  });

  it("does not spoil the rest", () => {
    const circular: Record<string, unknown> = { name: "x" };
    circular.self = circular;
    const twice = { a: 1 };
    const hostile = {
      get bad(): string {
        throw new Error("no");
      },
      toJSON: undefined,
      good: { toJSON: () => ({ fine: true }) },
      worse: {
        toJSON: () => {
          throw new Error("no");
        },
      },
    };
    expect(details({ circular, twice: [twice, twice], hostile })).toEqual({
      circular: { name: "x", self: "[circular]" },
      twice: [{ a: 1 }, { a: 1 }],
      hostile: { bad: "[unreadable]", good: { fine: true }, worse: "[unreadable]" },
    });
  });

  it("is no half of a character, which no server could read", () => {
    expect(details({ "k\ud800": "a\udc00b😀" })).toEqual({ "k\ufffd": "a\ufffdb😀" });
    expect(encoded({ user_id: "\ud83d" }).user_id).toBe("\ufffd");
  });

  it("is looked at no longer than the server would", () => {
    let reads = 0;
    const endless = new Proxy([], {
      get: (target, name) => {
        if (name === "length") return 1e9;
        if (typeof name === "string" && /^\d+$/.test(name)) reads += 1;
        return /^\d+$/.test(String(name)) ? "x".repeat(100) : Reflect.get(target, name);
      },
    });
    expect(details({ endless })).toEqual({ omitted: "larger than 64 KiB" });
    expect(reads).toBeLessThan(1_000);
  });
});

describe("exceptions", () => {
  const cause = Object.assign(new Error("Key (email)=(ada@example.com) already exists"), {
    code: "23505",
    detail: "Key (email)=(ada@example.com)",
  });
  const failure = Object.assign(new TypeError("no user ada@example.com", { cause }), {
    statusCode: 404,
    code: "not found for ada@example.com",
    config: { huge: true },
  });

  it("in details keep their names and codes, and no words", () => {
    expect(details({ failure, odd: new Error("x", { cause: "ada" }) })).toEqual({
      failure: { name: "TypeError", statusCode: 404, cause: { name: "Error", code: "23505" } },
      odd: { name: "Error" },
    });
    expect(encoded({ changes: { state: { from: "ok", to: cause } } }).changes).toEqual({
      state: { from: "ok", to: { name: "Error", code: "23505" } },
    });
  });

  it("keep their words where the application wants them", () => {
    const kept = encoded({ details: { failure } }, Redaction.standard([], true)).details;
    expect(kept).toMatchObject({
      failure: {
        message: "no user ada@example.com",
        code: "not found for ada@example.com",
        cause: { message: cause.message, detail: cause.detail },
      },
    });
    expect(JSON.stringify(kept)).not.toContain("huge");
  });
});

describe("moments", () => {
  it("may be dates, seconds, milliseconds or text", () => {
    const iso = "2026-01-02T03:04:05.678Z";
    for (const timestamp of [undefined, null, new Date(NOW), NOW, iso, Number.NaN, new Date(Number.NaN)]) {
      expect(encoded({ timestamp }).timestamp).toBe(iso);
    }
    expect(encoded({ timestamp: 1_767_323_045.5 }).timestamp).toBe(1_767_323_045.5);
  });
});

describe("fields", () => {
  it("take what libraries give for text", () => {
    const id = { toString: () => "507f1f77bcf86cd799439011" };
    const facts = { user_id: id, errorMessage: new Error("broken"), ip_address: ["203.0.113.9", "10.0.0.1"] };
    expect(encoded(facts)).toMatchObject({
      user_id: "507f1f77bcf86cd799439011",
      error_message: "broken",
      ip_address: "203.0.113.9",
    });
  });

  it("have numbers and truths as JavaScript writes them", () => {
    const facts = {
      statusCode: "404",
      success: "false",
      durationMs: 12.4,
      dbQueryCount: Number.NaN,
      isAdmin: 1,
    };
    expect(encoded(facts)).toMatchObject({
      status_code: 404,
      success: false,
      duration_ms: 12,
      is_admin: true,
    });
    expect(encoded(facts)).not.toHaveProperty("db_query_count");
  });

  it("that are unknown are left for the server to refuse, without their secrets", () => {
    expect(encoded({ colour: "red", token: "x", note: JWT, big: "x".repeat(70_000) })).toMatchObject({
      colour: "red",
      token: "[redacted]",
      note: "[redacted]",
      big: "larger than 64 KiB",
    });
  });

  it("may say that an admin is none", () => {
    const activity = { adminId: "a", action: "x", isAdmin: false };
    expect(JSON.parse(encode(activity, NOW, Redaction.standard()).json)).not.toHaveProperty("is_admin");
  });
});

describe("addresses", () => {
  it("are read as the server reads them", () => {
    const read = (ip_address: string) => encoded({ ip_address }).ip_address;
    for (const given of ["[192.0.2.7]", "192.0.2.7%eth0", "::ffff:c000:207", "0:0:0:0:0:ffff:192.0.2.7"]) {
      expect([given, read(given)]).toEqual([given, "192.0.2.7"]);
    }
    for (const none of [
      "192.0.2.07",
      "1.2.3.4.",
      ":::",
      "1:2",
      "[::1",
      "http://[::1]",
      "::1/64",
      "0x7f000001",
    ]) {
      expect([none, read(none)]).toEqual([none, undefined]);
    }
  });
});

describe("changes", () => {
  it("that give only the new value get an unknown old one", () => {
    const changes = { name: "New", plan: { from: "free" }, tags: ["a"], none: {}, cleared: null };
    expect(encoded({ changes }).changes).toEqual({
      name: { from: null, to: "New" },
      plan: { from: "free", to: null },
      tags: { from: null, to: ["a"] },
      none: { from: null, to: {} },
      cleared: { from: null, to: null },
    });
  });

  it("are looked at no longer than the server would", () => {
    let reads = 0;
    const toJSON = () => {
      reads += 1;
      return 1;
    };
    const fields = Array.from({ length: 50_000 }, (_, number) => [`${"x".repeat(100)}${number}`, { toJSON }]);
    const omitted = { omitted: { from: null, to: "larger than 64 KiB" } };
    expect(encoded({ changes: Object.fromEntries(fields) }).changes).toEqual(omitted);
    expect(reads).toBeLessThan(1_000);
  });

  it("of a secret keep their form, and what was not there stays so", () => {
    expect(encoded({ changes: { password: { from: null, to: "x" }, apiKey: "y" } }).changes).toEqual({
      password: { from: null, to: "[redacted]" },
      apiKey: { from: null, to: "[redacted]" },
    });
  });
});

describe("redaction", () => {
  it("knows the names that an application adds", () => {
    const redaction = Redaction.standard(["Licence-Number", "--"]);
    expect(encoded({ details: { licenceNumber: 1, "": 2 } }, redaction).details).toEqual({
      licenceNumber: "[redacted]",
      "": 2,
    });
  });

  it("that is off changes nothing", () => {
    const given = { password: "x", text: JWT, card: 4_111_111_111_111_111 };
    expect(encoded({ details: given }, Redaction.off()).details).toEqual(given);
  });

  it("of a session id follows the names that an application adds", () => {
    const id = "9f86d081884c7d659a2feaa0c55ad015";
    expect(encoded({ details: { session_id: id } }).details).toEqual({ session_id: id });
    const redaction = Redaction.standard(["session_id"]);
    expect(encoded({ details: { session_id: id } }, redaction).details).toEqual({ session_id: "[redacted]" });
  });

  it("reads session ids of any length", () => {
    expect(looksLikeCredential("aB".repeat(500_000))).toBe(true);
    expect(details({ session_id: "aB".repeat(500_000) })).toEqual({ omitted: "larger than 64 KiB" });
  });

  it("numbers the keys that it makes equal", () => {
    const secret = (number: number) => `Bearer ${"a".repeat(20)}${number}`;
    const keys = Array.from({ length: 2_000 }, (_, number) => secret(number));
    const written = details(Object.fromEntries(keys.map((key, number) => [key, number])));
    const numbered = keys.map((_, number) => (number === 0 ? "[redacted]" : `[redacted] ${number + 1}`));
    expect(written).toEqual(Object.fromEntries(numbered.map((key, number) => [key, number])));
  });

  it("numbers any number of equal keys without trying each number again", () => {
    const fields = new Fields();
    // Were each number tried again, these would be billions of tries.
    for (let number = 0; number < 100_000; number += 1) fields.put("[redacted]", "1");
    expect(Object.keys(JSON.parse(fields.toJson()))).toHaveLength(100_000);
  });

  it("of texts that are made to be slow is not", () => {
    const parts = [
      ...[
        "eyJ",
        "-4111111111111111-eyJ-",
        "4111-1111-1111-1111-",
        "4111 ",
        "Bearer=",
        "bearer ",
        "-----BEGIN ",
      ],
      ...[
        "token:",
        "token: ",
        'a token: "',
        "x://a:b/",
        "sk-",
        "=,a",
        '\\"token\\":',
        "\\",
        '{"token":[',
        "://",
      ],
      ...[
        "1:1",
        "key=",
        "sig=.",
        "a",
        ".",
        "1",
        " ",
        '"',
        "Basic a",
        "AKIAIOSFODNN7EXAMPLE ",
        "password=a)b ",
      ],
    ];
    const began = performance.now();
    // It takes a fraction of this; were the pass quadratic, minutes.
    for (const part of parts) Redaction.standard().text(part.repeat(Math.floor(200_000 / part.length)));
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it("of many schemes behind many blanks looks at the blanks once", () => {
    const text = " ".repeat(1_000_000) + "bearer abcdef ".repeat(70_000);
    const began = performance.now();
    expect(Redaction.standard().text(text)).toBe(text);
    // Were the blanks looked at again for each scheme, it would take minutes.
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe("names of secrets", () => {
  it("are remembered only for short keys of objects, and only so many", () => {
    const keys = new SecretKeys([]);
    findSecrets("password: hunter2, token_1=abc", keys);
    keys.findRemembered("a".repeat(65));
    expect(keys.remembered).toBe(0);
    for (let number = 0; number < 1_500; number += 1) keys.findRemembered(`key_${number}`);
    expect(keys.remembered).toBeLessThanOrEqual(1_000);
    expect(keys.findRemembered("api_key")).toBe("whole");
  });

  it("are whole words, and a form behind them may be several", () => {
    const keys = new SecretKeys([]);
    for (const key of ["userPassword", "OAuthTOKEN", "new_password2", "password_te_xt", "X-API-Key"]) {
      expect([key, keys.find(key)]).toEqual([key, "ending"]);
    }
    for (const key of ["mypassword", "passwords", "key", "text", `a${"-".repeat(70)}`, ""]) {
      expect([key, keys.find(key)]).toEqual([key, null]);
    }
  });
});
