/** What tabs need to share a stream. Browsers have it in secure contexts. */
export interface TabPlatform {
  locks: Pick<LockManager, "request">;
  Channel: new (name: string) => BroadcastChannel;
  /** How long a leader may take to answer a tab that has just come; after that it counts as frozen. */
  answerMs: number;
}

const ANSWER_MS = 5_000;

/** Null where each tab has to have a stream of its own. */
export function tabPlatform(): TabPlatform | null {
  const { navigator, BroadcastChannel, crypto } = globalThis as Partial<typeof globalThis>;
  if (!navigator?.locks || !BroadcastChannel || !crypto?.subtle) return null;
  return { locks: navigator.locks, Channel: BroadcastChannel, answerMs: ANSWER_MS };
}

/**
 * A name for locks and channels, from which nothing that it is made of can be read: a token may be part of it. It begins
 * with the version of the messages, because pages of two versions do not understand each other.
 */
export async function tabName(identity: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(identity));
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0"));
  return `livetrail-2:${hex.join("")}`;
}
