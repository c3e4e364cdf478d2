/** An event stream that ends after a time, at the end of a frame, so that its reader comes back soon and misses nothing. */
import { unref } from "../send/pause.js";

const NEWLINE = 10;
const MIN_RETRY_MS = 100;
const RETRY_SPREAD_MS = 400;

export function limited(
  body: ReadableStream<Uint8Array>,
  milliseconds: number,
  abort: () => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let isBetweenFrames = true;
  let last: number | undefined;
  let isOver = false;
  let isEnded = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const leave = () => {
    isEnded = true;
    clearTimeout(timer);
    abort();
    reader.cancel().catch(() => {});
  };
  const end = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    leave();
    const retry = MIN_RETRY_MS + Math.floor(Math.random() * RETRY_SPREAD_MS);
    // The SDK's streams then know that this end is no trouble; other readers do not listen to it.
    const goodbye = `retry: ${retry}\nevent: comeback\ndata: {}\n\n`;
    controller.enqueue(new TextEncoder().encode(goodbye));
    controller.close();
  };

  return new ReadableStream<Uint8Array>({
    start(controller) {
      timer = setTimeout(() => {
        isOver = true;
        if (isBetweenFrames && !isEnded) end(controller);
      }, milliseconds);
      unref(timer);
    },
    async pull(controller) {
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
      if (isEnded) return;
      if (value) {
        isBetweenFrames = value.at(-1) === NEWLINE && (value.at(-2) ?? last) === NEWLINE;
        last = value.at(-1);
        controller.enqueue(value);
      }
      if (done) {
        leave();
        controller.close();
      } else if (isOver && isBetweenFrames) end(controller);
    },
    cancel: leave,
  });
}
