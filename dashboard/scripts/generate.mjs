// Writes src/api/schema.d.ts, the types of the API, from the server's description of it. `--check` writes nothing
// and fails when they are stale. Another argument is another description's file.
import { execFileSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const codegen = join(root, "codegen");
const run = (cwd, program, ...args) => execFileSync(program, args, { cwd, stdio: "inherit" });

const given = process.argv.slice(2);
const isCheck = given.includes("--check");
const file = given.find((argument) => !argument.startsWith("--"));
const description = file ? resolve(file) : join(root, "../crates/livetrail-server/tests/api/openapi.json");

const changed = (name) => statSync(join(codegen, name)).mtimeMs;
const installed = "node_modules/.package-lock.json";
if (!existsSync(join(codegen, installed)) || changed(installed) < changed("package-lock.json")) {
  run(codegen, "npm", "ci", "--silent");
}

try {
  run(
    root,
    process.execPath,
    "codegen/node_modules/openapi-typescript/bin/cli.js",
    description,
    "--output=src/api/schema.d.ts",
    "--empty-objects-unknown",
    ...(isCheck ? ["--check"] : []),
  );
} catch {
  if (isCheck) console.error("src/api/schema.d.ts is stale: run `npm run generate`.");
  process.exitCode = 1;
}
