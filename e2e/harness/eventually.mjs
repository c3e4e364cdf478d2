// @ts-check
/** A busy machine may let each of several processes stand still for seconds. */
const WITHIN_MS = 30_000;
const EVERY_MS = 25;

/**
 * Repeats an assertion until it holds: for facts that no single element can be waited for.
 * @template T
 * @param {() => T | Promise<T>} assertion
 * @param {number} [withinMs]
 * @returns {Promise<T>}
 */
export async function eventually(assertion, withinMs = WITHIN_MS) {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  }
}
