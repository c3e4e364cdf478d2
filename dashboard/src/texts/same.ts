/** A translation that has each text of another one, and no other. */
export type Same<T> = Readonly<Record<keyof T, string>>;
