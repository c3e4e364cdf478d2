/** The snippets of a document, as a reader would put them into files. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Snippet {
  /** The heading above it. */
  section: string;
  language: string;
  code: string;
}

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const BLOCK = /^#+ (.*)$|^```(\w+)\n([\s\S]*?)^```$/gm;

export function snippets(document: string): Snippet[] {
  const text = readFileSync(join(ROOT, document), "utf8");
  const found: Snippet[] = [];
  let section = "";
  for (const [, heading, language, code] of text.matchAll(BLOCK)) {
    if (heading !== undefined) section = heading;
    else if (language && code) found.push({ section, language, code });
  }
  return found;
}

/** The exports of the package, by the module that has them. */
const EXPORTS = {
  "@livetrail/sdk/react": ["ActivityFeed", "useActivityStream"],
  "@livetrail/sdk/next": ["withActivity", "streamRoute"],
  "@livetrail/sdk": [
    "ActivityActions",
    "ActivityStream",
    "configure",
    "createClient",
    "flush",
    "logActivity",
    "putUser",
    "record",
    "recordDurably",
    "requestContext",
  ],
};
const TYPES = ["ActivityLog", "ActivityLogStats"];

/** The code as a module: what it uses of the package is imported, as text around the snippet says. */
export function asModule({ code }: Snippet): string {
  const isFragment = /^\w+: /.test(code);
  const body = isFragment ? `export const options = {\n${code}\n};` : code;
  const isUsed = (name: string) => new RegExp(`\\b${name}\\b`).test(code);
  const isDeclared = (name: string) =>
    new RegExp(`(?:import|export|const)[^;]*\\b${name}\\b[^;]*(?:from|=)`).test(code);
  const wanted = (names: readonly string[]) => names.filter((name) => isUsed(name) && !isDeclared(name));
  const imports = Object.entries(EXPORTS).map(([module, names]) => importing(wanted(names), module));
  const types = wanted(TYPES).map((name) => `import type { ${name} } from "@livetrail/sdk";`);
  return `${[...imports, ...types].join("\n")}\n${body}\nexport {};\n`;
}

function importing(names: readonly string[], module: string): string {
  return names.length > 0 ? `import { ${names.join(", ")} } from "${module}";` : "";
}
