/** The modules of Node that a spool needs, without an import that other runtimes would stumble over. */
import { type NodeProcess, nodeModule, nodeProcess } from "../runtime.js";

export interface Disk {
  fs: typeof import("node:fs");
  path: typeof import("node:path");
  host: string;
  process: NodeProcess;
  /** A short text for a long one, of which it tells nothing. */
  digest(text: string): string;
}

/** Undefined where there is no Node, or one before 20.16. */
export function nodeDisk(): Disk | undefined {
  const process = nodeProcess();
  const fs = nodeModule<typeof import("node:fs")>("node:fs");
  const path = nodeModule<typeof import("node:path")>("node:path");
  const os = nodeModule<typeof import("node:os")>("node:os");
  const crypto = nodeModule<typeof import("node:crypto")>("node:crypto");
  if (!process || !fs || !path || !os || !crypto) return undefined;
  const digest = (text: string) => crypto.createHash("sha256").update(text).digest("hex").slice(0, 12);
  return { fs, path, host: os.hostname(), process, digest };
}
