import type { LivetrailError } from "../errors.js";

/** Where an activity is in the log. */
export interface Receipt {
  id: string;
  position: number;
  /** It was stored before: the same id with the same content. */
  duplicate: boolean;
}

/** What became of an item. A receipt is missing where the answer could not be read, or the item is a user. */
export type Outcome =
  | { ok: true; receipt?: Receipt }
  | { ok: false; lost: "dropped" | "unacknowledged" | "rejected"; error: LivetrailError };

/** One thing to send. */
export interface Item {
  /** The activity's id, or the user's. */
  id: string;
  json: string;
  bytes: number;
  /** Whether it is a refusal of its tenant that may have refused its batch. */
  namesTenant: boolean;
  /** Whether it was sent in a request that a server may have stored without an answer. */
  mayBeStored?: boolean;
  /** Where it is put, if it is a user. */
  userPath?: string;
  /** The file on disk that it is in, too. The types of files are Node's, which not every application has. */
  segment?: { settle(): void };
  /** For the caller that waits for the outcome. */
  settle?: (outcome: Outcome) => void;
}
