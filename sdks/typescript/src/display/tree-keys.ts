/** The keys of a tree: those of the pattern that readers of screens know from every other tree. */
import { isRest, type RestRow, type Row, type TreeRow } from "./tree-rows.js";

export type TreeStep =
  | { kind: "go"; to: Row | undefined }
  | { kind: "toggle"; row: TreeRow }
  | { kind: "more"; row: RestRow };

/** What a key does on a row; null: it is no key of a tree. */
export function treeStep(key: string, rows: readonly Row[], current: Row): TreeStep | null {
  const index = rows.indexOf(current);
  switch (key) {
    case "ArrowDown":
      return { kind: "go", to: rows[index + 1] };
    case "ArrowUp":
      return { kind: "go", to: rows[index - 1] };
    case "Home":
      return { kind: "go", to: rows[0] };
    case "End":
      return { kind: "go", to: rows.at(-1) };
    case "ArrowRight":
      if (isRest(current) || current.isOpen === null) return { kind: "go", to: undefined };
      return current.isOpen ? { kind: "go", to: rows[index + 1] } : { kind: "toggle", row: current };
    case "ArrowLeft":
      if (!isRest(current) && current.isOpen) return { kind: "toggle", row: current };
      return { kind: "go", to: rows.slice(0, index).findLast((row) => row.depth < current.depth) };
    case "Enter":
    case " ":
      if (isRest(current)) return { kind: "more", row: current };
      return current.isOpen === null ? { kind: "go", to: undefined } : { kind: "toggle", row: current };
    default:
      return null;
  }
}
