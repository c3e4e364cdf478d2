/**
 * What the runtime has. Edge runtimes lack parts of Node and of the web. Some, such as that of Next.js, throw at the mere
 * look at such a part, so that each look is guarded.
 */

/** A global of this name, or undefined. */
export function globalNamed<T>(name: string | symbol): T | undefined {
  return partOf<T>(globalThis, name);
}

/** A property, or undefined where the runtime refuses to show it. */
export function partOf<T>(owner: unknown, name: string | symbol): T | undefined {
  try {
    return (owner as Record<string | symbol, T> | undefined)?.[name];
  } catch {
    return undefined;
  }
}
