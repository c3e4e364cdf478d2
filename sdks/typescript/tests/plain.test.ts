import { createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { Redaction } from "../src/redact/redaction.js";
import { details, encoded, NOW } from "./support/encoded.js";

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

  it("is the text, number or truth that an object wraps", () => {
    const wrapped = { text: Object("password=hunter2"), number: Object(7), truth: Object(false) };
    expect(details(wrapped)).toEqual({ text: "password=[redacted]", number: 7, truth: false });
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

describe("requests and responses", () => {
  it("of node:http are what they say, and not the server and the list of headers that they hold", async () => {
    const written = new Promise<unknown>((resolve) => {
      const server = createServer((request, response) => {
        response.setHeader("Set-Cookie", "sid=s-2");
        resolve(details({ request, response }));
        response.end();
        server.close();
      });
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.address() as AddressInfo;
        get({ port, host: "127.0.0.1", path: "/a?token=t-1", headers: { cookie: "sid=s-1" } }).on(
          "error",
          () => {},
        );
      });
    });
    expect(await written).toEqual({
      request: {
        method: "GET",
        url: "/a?token=[redacted]",
        statusCode: null,
        headers: { cookie: "[redacted]", host: expect.any(String), connection: expect.any(String) },
      },
      response: { statusCode: 200, headers: { "set-cookie": "[redacted]" } },
    });
  });

  it("of Next.js have cookies, which are secret as their header is", () => {
    class RequestCookies {
      _parsed = new Map([["sid", { name: "sid", value: "s-1" }]]);
      _headers = new Headers({ cookie: "sid=s-1" });
      toString = () => "sid=s-1";
    }
    expect(details({ cookies: new RequestCookies() })).toEqual({ cookies: { cookie: "[redacted]" } });
  });
});

describe("changes", () => {
  it("may be a collection or an object that has a JSON of its own", () => {
    const changes = { plan: { from: null, to: "pro" }, password: { from: null, to: "[redacted]" } };
    const given = { plan: "pro", password: "hunter2" };
    const forms = [new Map(Object.entries(given)), new URLSearchParams(given), { toJSON: () => given }];
    for (const form of forms) expect(encoded({ changes: form }).changes).toEqual(changes);
    expect(encoded({ changes: new Set(["a"]) }).changes).toEqual({ value: { from: null, to: ["a"] } });
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

  it("as the type of an error give their name", () => {
    for (const type of [failure, TypeError, "TypeError"])
      expect(encoded({ errorType: type }).error_type).toBe("TypeError");
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
