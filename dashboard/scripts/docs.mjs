// Makes the page of the API reference, dist/docs.html: Scalar's bundle and the script that starts it become
// assets whose names change with their content, as Vite's do.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";

const at = (path) => new URL(`../${path}`, import.meta.url);
const read = (path) => readFileSync(at(path), "utf8");

function asset(name, content) {
  const hash = createHash("sha256").update(content).digest("base64url").slice(0, 8);
  const file = `assets/${name}-${hash}.js`;
  writeFileSync(at(`dist/${file}`), content);
  return `/${file}`;
}

const scalar = "node_modules/@scalar/api-reference";
const { name, version, license, author } = JSON.parse(read(`${scalar}/package.json`));
const bundle = read(`${scalar}/dist/browser/standalone.js`).replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");

const files = {
  icon: read("dist/index.html").match(/<link rel="icon"[^>]*href="([^"]+)"/)[1],
  start: asset("docs", read("src/docs/start.js")),
  reference: asset("reference", `/*! ${name} ${version}, ${license} License, ${author} */\n${bundle}`),
};
const page = read("src/docs/docs.html").replace(/\{\{(\w+)\}\}/g, (_, key) => files[key]);
writeFileSync(at("dist/docs.html"), page);
