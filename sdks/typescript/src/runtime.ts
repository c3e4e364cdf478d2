/**
 * What the runtime has. Edge runtimes lack parts of Node and of the web. Some, such as that of Next.js, throw at the
 * mere look at such a part, so that each look is guarded.
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

/** The part of Node's process that is used. */
export interface NodeProcess {
  pid: number;
  on(event: string, listener: (signal: string) => void): unknown;
  prependListener(event: string, listener: (signal: string) => void): unknown;
  removeListener(event: string, listener: (signal: string) => void): unknown;
  listenerCount(event: string): number;
  kill(pid: number, signal: string | number): unknown;
}

/**
 * The process, if it is one of Node: that of an edge runtime has the same functions, which throw when they are called.
 */
export function nodeProcess(): NodeProcess | undefined {
  const process = globalNamed<NodeProcess>("process");
  const version = partOf<string>(partOf(process, "versions"), "node");
  return version && typeof partOf(process, "prependListener") === "function" ? process : undefined;
}

/** A module of Node (from 20.16 on), without an import that bundlers for other runtimes would stumble over. */
export function nodeModule<T>(name: string): T | undefined {
  const process = nodeProcess() as { getBuiltinModule?: (name: string) => T } | undefined;
  return process?.getBuiltinModule?.(name);
}
