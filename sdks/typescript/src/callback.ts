/**
 * Functions of the application. What one throws, or rejects with later, must not end the process: in Node an unhandled
 * rejection does.
 */

/** Calls it. `failed`, which must not throw, is told what it throws or what its promise rejects with. */
export function call(callback: () => unknown, failed: (error: unknown) => void = () => {}): void {
  try {
    handled(callback(), failed);
  } catch (error) {
    failed(error);
  }
}

/** What a function returned. If that is a promise, `failed` is told what it rejects with. */
export function handled<T>(returned: T, failed: (error: unknown) => void = () => {}): T {
  if (isPromise(returned)) Promise.resolve(returned).catch(failed);
  return returned;
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

export function asError(thrown: unknown): Error {
  if (thrown instanceof Error) return thrown;
  try {
    return new Error(String(thrown));
  } catch {
    return new Error("what was thrown cannot be read");
  }
}
