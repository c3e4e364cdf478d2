/**
 * A list that goes on at its end. The feed has its first page and what arrives; what follows is read by cursors, which
 * pin the head of the list, so arrivals shift nothing.
 */
import type { Activity, ActivityList } from "../api/types";
import type { Anchor } from "../live/feed";

/** So many rows are kept at most. */
export const MAX_ROWS = 2_000;

export interface Endless {
  readonly anchor: Anchor | null;
  /** The feed's rows, as they were last seen. */
  readonly head: readonly Activity[];
  readonly older: readonly Activity[];
  /** Where it goes on; null at its end, or while as many rows are kept as may be. */
  readonly cursor: string | null;
  readonly isFull: boolean;
  /** So much arrived at once that rows are missing between the feed and the others: the list has to be read anew. */
  readonly hasGap: boolean;
}

export const NOTHING_READ: Endless = {
  anchor: null,
  head: [],
  older: [],
  cursor: null,
  isFull: false,
  hasGap: false,
};

/**
 * Another list begins anew; rows that arrivals push off the feed go on as older ones. `isShifted`: rows have left the
 * feed before it was followed, so its cursor would skip those.
 */
export function followed(
  state: Endless,
  anchor: Anchor,
  head: readonly Activity[],
  { cursor, isShifted }: { cursor: string | null; isShifted: boolean },
): Endless {
  if (state.anchor !== anchor) {
    return { ...NOTHING_READ, anchor, head, cursor: isShifted ? null : cursor, hasGap: isShifted };
  }
  const ids = new Set(head.map(({ id }) => id));
  const pushed = state.head.filter(({ id }) => !ids.has(id));
  if (pushed.length > 0 && pushed.length === state.head.length) {
    return { ...NOTHING_READ, anchor, head, hasGap: true };
  }
  return bounded({ ...state, head, older: pushed.length > 0 ? [...pushed, ...state.older] : state.older });
}

/** What was read at a cursor joins the end. An answer to a former list or cursor is too late. */
export function extended(state: Endless, anchor: Anchor, at: string, page: ActivityList): Endless {
  if (state.anchor !== anchor || state.cursor !== at) return state;
  const known = new Set([...state.head, ...state.older].map(({ id }) => id));
  const added = page.data.filter(({ id }) => !known.has(id));
  return bounded({ ...state, older: [...state.older, ...added], cursor: page.next_cursor });
}

/** A row that was dropped is not read again, so the list ends there. */
function bounded(state: Endless): Endless {
  const room = Math.max(0, MAX_ROWS - state.head.length);
  if (state.older.length < room) return state;
  return { ...state, older: state.older.slice(0, room), cursor: null, isFull: true };
}
