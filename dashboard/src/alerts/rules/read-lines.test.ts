import { waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { ExactNumber } from "../../api/json";
import { readLines } from "./read-lines";

/** An answer that comes in these pieces. */
function answer(...pieces: Uint8Array[]): Response {
  return new Response(
    new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(piece);
        controller.close();
      },
    }),
  );
}
const bytes = (text: string) => new TextEncoder().encode(text);

async function linesOf(response: Response): Promise<unknown[]> {
  const lines: unknown[] = [];
  for await (const line of readLines(response)) lines.push(line);
  return lines;
}

it("reads lines wherever the network cuts them, with every digit", async () => {
  const text = bytes('{"a":"ø"}\n\n{"b":175928847299117063}\n{"c":1}');
  const each = [...text].map((byte) => new Uint8Array([byte]));
  const expected = [{ a: "ø" }, { b: new ExactNumber("175928847299117063") }, { c: 1 }];
  expect(await linesOf(answer(text))).toEqual(expected);
  expect(await linesOf(answer(...each))).toEqual(expected);
});

it("ends the answer when no more of it is wanted", async () => {
  let isCancelled = false;
  const endless = new ReadableStream({
    pull: (controller) => controller.enqueue(bytes('{"a":1}\n')),
    cancel: () => {
      isCancelled = true;
    },
  });
  for await (const line of readLines(new Response(endless))) {
    expect(line).toEqual({ a: 1 });
    break;
  }
  await waitFor(() => expect(isCancelled).toBe(true));
});
