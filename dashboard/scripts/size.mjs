// Fails when what a first visit loads outgrows its budget. The first load is what index.html names:
// the entry, the chunks it imports statically (Vite preloads each) and the style sheet. Chunks that
// load on demand, and the page of the API reference, are listed but not counted. Fonts are counted as they are: they are
// compressed in themselves.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

const KIB = 1024;
const budget = { js: 130 * KIB, css: 14 * KIB, woff2: 90_000 };
const dist = new URL("../dist", import.meta.url).pathname;
const named = (page) =>
  new Set(
    [...readFileSync(join(dist, page), "utf8").matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(
      (match) => match[1],
    ),
  );
const firstLoad = named("index.html");
const reference = named("docs.html");
const assets = readdirSync(join(dist, "assets")).map((name) => `assets/${name}`);
const gzipSize = (file) => statSync(join(dist, `${file}.gz`)).size;
const inKib = (bytes) => `${(bytes / KIB).toFixed(1).padStart(6)} KiB`;

let fits = true;
for (const kind of ["js", "css"]) {
  const files = assets.filter((file) => file.endsWith(`.${kind}`));
  const total = files.filter((file) => firstLoad.has(file)).reduce((sum, file) => sum + gzipSize(file), 0);
  if (total > budget[kind]) fits = false;
  const verdict = total <= budget[kind] ? "fits" : "EXCEEDS";
  console.log(`first load, ${kind.padEnd(4)} ${inKib(total)} gzip, ${verdict} ${budget[kind] / KIB} KiB`);
  for (const file of files.filter((name) => !firstLoad.has(name))) {
    const place = reference.has(file) ? "API reference" : "on demand";
    console.log(`  ${place.padEnd(15)} ${inKib(gzipSize(file))}  ${file}`);
  }
}
const fonts = assets
  .filter((file) => file.endsWith(".woff2"))
  .reduce((sum, file) => sum + statSync(join(dist, file)).size, 0);
if (fonts > budget.woff2) fits = false;
console.log(
  `fonts            ${inKib(fonts)}, ${fonts <= budget.woff2 ? "fit" : "EXCEED"} ${budget.woff2 / 1_000} KB`,
);
process.exitCode = fits ? 0 : 1;
