/** The classes of the component, of its stylesheet and of the README are the same. */
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SOURCES = `${ROOT}src/react/activity-feed`;
const textOf = (folder: string, ending: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(`${folder}/${name}`, "utf8"))
    .join("\n");

const component = textOf(SOURCES, ".tsx");
const styles = textOf(`${SOURCES}/styles`, ".css").replace(/\/\*[\s\S]*?\*\//g, "");
const readme = textOf(ROOT, "README.md").split("## Show customers their own log")[1]?.split("\n## ")[0] ?? "";

const found = (text: string, pattern: RegExp) =>
  [...new Set([...text.matchAll(pattern)].map(([, name]) => name ?? ""))].sort();

/** `livetrail-user` and `livetrail-target` are put together from the role of a part. */
const roles = ["user", "target"];
const classes = [
  ...found(component, /(?<!data-)livetrail-([a-z]+(?:-[a-z]+)*)(?![a-z-]*\])/g).filter(
    (name) => name !== "opens",
  ),
  ...roles,
].sort();

describe("the stylesheet", () => {
  it("changes nothing outside of the component", () => {
    const selectors = [...styles.matchAll(/([^{};]+)\{/g)].map(([, selector]) => selector?.trim() ?? "");
    const rules = selectors.filter((selector) => !selector.startsWith("@") && selector !== "from");
    expect(rules.length).toBeGreaterThan(50);
    for (const rule of rules.flatMap((all) => all.split(/,\n/)))
      expect(rule.trim()).toMatch(/^\.livetrail-feed\b/);
  });

  it("knows each class of the component, and the component each class of it", () => {
    expect(found(styles, /\.livetrail-([a-z-]+)/g)).toEqual(classes);
  });

  it("is described in the README with its classes and variables", () => {
    const rows = readme.split("| part ")[1]?.split("\n\n")[0] ?? "";
    const described = found(rows, /`([a-z-]+)`/g);
    const values = ["data-theme", "data-state", "data-result", "data-depth", "livetrail-"];
    const states = ["live", "waiting", "rest", "off", "success", "failure"];
    expect(described.filter((name) => ![...values, ...states].includes(name))).toEqual(classes);
    for (const name of found(styles, /(--livetrail-[a-z-]+):/g)) {
      // How deep a row of a tree is stands in the markup, not in a variable that is set.
      if (name !== "--livetrail-depth") expect(readme).toContain(`${name.slice("--livetrail".length)}\``);
    }
  });
});
