import { describe, expect, it } from "vitest";
import { ExactNumber, readJson, writeJson } from "./json";

const compact = (text: string) => writeJson(readJson(text)).replace(/\n\s*/g, "");

describe("JSON with exact numbers", () => {
  it.each([
    "175928847299117063",
    "9007199254740993",
    "-9223372036854775808",
    "18446744073709551615",
    "123456789.123456789",
    "0.12345678901234567890",
    "1e400",
    "-1E-400",
  ])("keeps the digits of %s", (number) => {
    expect(compact(`{"id":${number}}`)).toBe(`{"id": ${number}}`);
    expect(compact(`[1, ${number}]`)).toBe(`[1,${number}]`);
    expect(compact(number)).toBe(number);
  });

  it.each(["0", "20.5", "-7", "1.10", "2e3", "9007199254740991", "33.333333333333336", "1760000000.123456"])(
    "reads %s as an ordinary number, with which one can calculate",
    (number) => {
      expect(readJson(`{"ms":${number},"id":175928847299117063}`)).toMatchObject({ ms: Number(number) });
      expect(readJson(`{"ms":${number}}`)).toEqual({ ms: Number(number) });
    },
  );

  it("reads everything else as the browser does", () => {
    const text = `{"a":[true,false,null,{}],"b":"\\u00e9\\n\\"x\\" 1e5, 1e6","__proto__":{"c":1},"d":1,"d":2`;
    const native = JSON.stringify(JSON.parse(`${text}}`));
    expect(JSON.stringify(readJson(`${text}}`))).toBe(native);
    const read = readJson(`${text},"e":1541815603606036481}`) as { e?: unknown };
    expect(read.e).toEqual(new ExactNumber("1541815603606036481"));
    delete read.e;
    expect(JSON.stringify(read)).toBe(native);
  });

  it("gives no key of a sender a meaning", () => {
    const text = `{"isLosslessNumber": true,"text": "1","toJSON": "x","n": 12345678901234567890}`;
    expect(compact(text)).toBe(text);
  });

  it("writes other values as the browser does", () => {
    const value = {
      empty: {},
      none: [],
      list: [1, "two", null, [3.5]],
      'a "key"': { deep: [{ er: false }] },
    };
    expect(writeJson(value)).toBe(JSON.stringify(value, null, 2));
  });

  it("refuses what is not JSON", () => {
    expect(() => readJson("<html>")).toThrow(SyntaxError);
    expect(() => readJson('{"n":12345678901234567890')).toThrow(SyntaxError);
  });
});
