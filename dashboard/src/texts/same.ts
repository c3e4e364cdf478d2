/** A translation that has each text of another one, and no other. */
export type Same<T> = Readonly<Record<keyof T, string>>;

/** The same of texts in groups. */
export type SameGroups<T> = { readonly [Group in keyof T]: Same<T[Group]> };
