/** The pages of things, for those values that have one. */
import type { FieldKey } from "../filters/fields";
import type { FieldValue } from "./values-of";

const PAGES: Partial<Record<FieldKey, (value: string) => string>> = {};

/** Where the page of a value is; null where it has none. */
export const pageOf = ({ field, value }: FieldValue): string | null => PAGES[field]?.(value) ?? null;
