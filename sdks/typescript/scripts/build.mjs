/** Builds dist: the same sources once as ES modules and once as CommonJS, each with its types. Brings the stylesheet and the licences. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

rmSync("dist", { recursive: true, force: true });
const builds = [
  { folder: "esm", type: "module", options: ["--module", "ESNext"] },
  { folder: "cjs", type: "commonjs", options: ["--module", "CommonJS", "--verbatimModuleSyntax", "false"] },
];
for (const { folder, type, options } of builds) {
  const outDir = `dist/${folder}`;
  mkdirSync(outDir, { recursive: true });
  // Node reads the kind of module from the nearest package.json.
  writeFileSync(`${outDir}/package.json`, `${JSON.stringify({ type, sideEffects: ["./workerd.js"] })}\n`);
  execFileSync("node_modules/.bin/tsc", ["-p", "tsconfig.build.json", "--outDir", outDir, ...options], {
    stdio: "inherit",
  });
}
const look = "src/react/activity-feed";
const stylesheet = readFileSync(`${look}/activity-feed.css`, "utf8").replace(/@import "(.*)";/g, (_, part) =>
  readFileSync(`${look}/${part}`, "utf8"),
);
writeFileSync("dist/activity-feed.css", stylesheet);
// TypeScript refuses an import that has no types.
writeFileSync("dist/activity-feed.css.d.cts", "export {};\n");
// npm packs no files from outside of the package.
for (const licence of ["LICENSE-APACHE", "LICENSE-MIT"]) copyFileSync(`../../${licence}`, licence);
