import { describe, expect, it } from "vitest";
import { looksLikeCredential } from "../src/redact/guess.js";
import { SecretKeys } from "../src/redact/keys.js";
import { Redaction } from "../src/redact/redaction.js";
import { findSecrets } from "../src/redact/scan.js";
import { encode } from "../src/shape/encode.js";
import { Fields } from "../src/shape/written.js";
import { details, encoded, NOW } from "./support/encoded.js";

const JWT = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.";

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

  it("that throw when they are read cost themselves alone", () => {
    const fails = () => {
      throw new Error("no");
    };
    const hostile = { toString: fails, [Symbol.toPrimitive]: fails };
    const names = ["statusCode", "durationMs", "ipAddress", "errorMessage", "userAgent", "requestId"];
    for (const name of [...names, "sessionId", "resource_type", "timestamp", "id", "dbQueryCount"]) {
      const getter = Object.defineProperty({}, name, { enumerable: true, get: fails });
      for (const activity of [{ [name]: hostile }, { [name]: Symbol(name) }, getter]) {
        const given = Object.defineProperties(
          { user_id: "u", action_type: "a", details: { kept: true } },
          Object.getOwnPropertyDescriptors(activity),
        );
        const sent = JSON.parse(encode(given as never, NOW, Redaction.standard()).json);
        expect(sent).toMatchObject({ user_id: "u", action_type: "a", details: { kept: true } });
        expect(sent.timestamp).toBe("2026-01-02T03:04:05.678Z");
        expect(sent.id).toMatch(/^[0-9a-f-]{36}$/);
        if (name !== "timestamp" && name !== "id") expect(Object.keys(sent)).toHaveLength(5);
      }
    }
    expect(encoded({ errorMessage: Object.assign(new Error(), { message: 7 }) }).error_message).toBe("7");
  });

  it("that throw deep inside of details and changes cost no more than themselves", () => {
    const fails = () => {
      throw new Error("no");
    };
    const proxy = new Proxy({}, { ownKeys: fails });
    const revoked = Proxy.revocable({}, {});
    revoked.revoke();
    const list = new Proxy([1], { get: fails });
    for (const value of [proxy, revoked.proxy, list]) {
      expect(encoded({ details: { value, plan: "pro" } }).details).toEqual({
        value: "[unreadable]",
        plan: "pro",
      });
      const changes = { value, other: { from: 1, to: value }, plan: { to: "pro" } };
      expect(encoded({ changes }).changes).toEqual({
        value: { from: null, to: "[unreadable]" },
        other: { from: 1, to: "[unreadable]" },
        plan: { from: null, to: "pro" },
      });
      expect(encoded({ details: value, endpoint: "/" })).toMatchObject({ endpoint: "/" });
      expect(encoded({ changes: value, endpoint: "/" })).toMatchObject({ endpoint: "/" });
    }
    const getter = Object.defineProperty({ plan: "pro" }, "name", { enumerable: true, get: fails });
    expect(encoded({ changes: getter }).changes).toEqual({
      plan: { from: null, to: "pro" },
      name: { from: null, to: "[unreadable]" },
    });
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
    for (const given of [
      "unknown, 192.0.2.7",
      ",192.0.2.7",
      "192.0.2.7:",
      "[192.0.2.7]:",
      "_hidden,,192.0.2.7:443",
      "/run/app.sock,192.0.2.7:123456, 10.0.0.1",
      ["unknown", "192.0.2.7", "10.0.0.1"],
      ["unknown, 192.0.2.7", "10.0.0.1"],
    ]) {
      expect([given, encoded({ ip_address: given }).ip_address]).toEqual([given, "192.0.2.7"]);
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
      ",",
      "unknown,",
      "192.0.2.7:http",
      "[::1]x",
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
    const began = process.cpuUsage();
    // It takes a fraction of this; were the pass quadratic, minutes.
    for (const part of parts) Redaction.standard().text(part.repeat(Math.floor(200_000 / part.length)));
    expect(process.cpuUsage(began).user).toBeLessThan(10_000_000);
  });

  it("of many schemes behind many blanks looks at the blanks once", () => {
    const text = " ".repeat(1_000_000) + "bearer abcdef ".repeat(70_000);
    const began = process.cpuUsage();
    expect(Redaction.standard().text(text)).toBe(text);
    // Were the blanks looked at again for each scheme, it would take minutes.
    expect(process.cpuUsage(began).user).toBeLessThan(5_000_000);
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
